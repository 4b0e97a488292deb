import { Failure } from '../domain/failure.ts';

/** An amount as an application writes it: a decimal string, or a whole number. Fractions are strings, so that they are exact. */
export type Amount = string | number | bigint;

/**
 * The amount as a decimal string.
 * @throws Failure usage for a number that is no whole one, or too large to be exact
 */
export function readAmount(value: Amount, name: string): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'bigint' || Number.isSafeInteger(value)) return String(value);
  throw new Failure('usage', `The ${name} ${value} is no whole number that is exact`, {
    hint: `Give fractions and very large amounts as strings: ${name}: '0.25'`,
  });
}

/** `undefined` stays what it is. */
export function readMaybe(value: Amount | undefined, name: string): string | undefined {
  return value === undefined ? undefined : readAmount(value, name);
}
