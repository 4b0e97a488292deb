import Big from 'big.js';
import { Failure } from './failure.ts';

const form = /^-?\d+(\.\d+)?$/;

export interface AmountBounds {
  /** what the amount is called in the error, such as `quantity` */
  name?: string;
  /** smallest that is accepted, included */
  min?: string;
  /** most digits after the point */
  scale?: number;
}

/**
 * Reads an exact decimal such as `12`, `-3` or `0.0000125` and gives it back as a decimal string without leading zeros.
 * Its scale is kept (`1.50` stays `1.50`). At most 20 digits before and 18 after the point.
 * @throws Failure usage for exponents, separators, signs in front, NaN, nothing at all, and what is out of bounds
 */
export function parseAmount(text: string, { name = 'amount', min, scale = 18 }: AmountBounds = {}): string {
  const given = text.trim();
  if (given === '') throw refused(name, text, 'is empty');
  if (!form.test(given)) throw refused(name, text, 'is not a plain decimal number');
  const decimals = given.split('.')[1]?.length ?? 0;
  if (decimals > scale) throw refused(name, text, `has more than ${scale} digits after the point`);
  const amount = new Big(given);
  if (amount.abs().gte('1e20')) throw refused(name, text, 'has more than 20 digits before the point');
  if (min !== undefined && amount.lt(min))
    throw refused(name, text, min === '0' ? 'is negative' : `is less than ${min}`);
  return amount.eq(0) ? new Big(0).toFixed(decimals) : amount.toFixed(decimals);
}

function refused(name: string, text: string, why: string): Failure {
  return new Failure('usage', `The ${name} '${text}' ${why}`, {
    hint: 'Give a decimal number such as 12, 0.5 or 1234.50',
  });
}

/** The sum of exact decimals, as one. */
export function sumAmounts(amounts: readonly string[]): string {
  return amounts.reduce((sum, amount) => sum.plus(amount), new Big(0)).toFixed();
}
