import Big from 'big.js';
import { scaleOf } from '../domain/currency.ts';

/** An amount for reading: to two places, and below 1 to two digits that count, so that little is not read as nothing. Machines get all of it. */
export function showRounded(amount: string): string {
  const value = new Big(amount);
  const rounded = value.abs().lt(1) ? value.prec(2, Big.roundHalfUp) : value.round(2, Big.roundHalfUp);
  return rounded.toFixed();
}

/** A cost for reading: to the digits of its currency, and what is less than its smallest coin to two digits that count. */
export function showCost(amount: string, currency: string): string {
  const value = new Big(amount);
  const rounded = value.round(scaleOf(currency), Big.roundHalfUp);
  return rounded.eq(0) && !value.eq(0)
    ? value.prec(2, Big.roundHalfUp).toFixed()
    : rounded.toFixed(scaleOf(currency));
}
