import { Failure } from './failure.ts';

export interface IntegerBounds {
  name?: string;
  min?: number;
  max?: number;
}

/**
 * Reads a whole number such as `12`, from `min` (0) to `max` (2147483647), both included.
 * @throws Failure usage
 */
export function parseInteger(
  text: string,
  { name = 'number', min = 0, max = 2_147_483_647 }: IntegerBounds = {},
): number {
  const given = text.trim();
  const number = Number(given);
  if (/^-?\d{1,16}$/.test(given) && number >= min && number <= max) return number;
  throw new Failure('usage', `The ${name} '${text}' is not a whole number from ${min} to ${max}`, {
    hint: `Give digits only, such as ${Math.max(min, 1)}`,
  });
}
