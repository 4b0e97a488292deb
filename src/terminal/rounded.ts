import Big from 'big.js';

/** An amount for reading: to two places, and below 1 to two digits that count, so that little is not read as nothing. Machines get all of it. */
export function showRounded(amount: string): string {
  const value = new Big(amount);
  const rounded = value.abs().lt(1) ? value.prec(2, Big.roundHalfUp) : value.round(2, Big.roundHalfUp);
  return rounded.toFixed();
}
