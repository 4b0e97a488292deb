import { Failure } from '../domain/failure.ts';

/** The one of `allowed` that `value` is. */
export function choose<T extends string>(name: string, value: string | undefined, allowed: readonly T[]): T {
  const found = allowed.find((one) => one === value);
  if (!found) throw refused(`${name} is '${value}', not one of ${allowed.join(', ')}`);
  return found;
}

export function wholeNumber(name: string, text: string | undefined, least: number, most: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text ?? '') || value < least || value > most)
    throw refused(`${name} is not a number from ${least} to ${most}`);
  return value;
}

/** Undoes percent-encoding. */
export function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw refused(`it has a '%' that is not followed by two hexadecimal digits; a '%' itself is written %25`);
  }
}

export const encoding =
  "it is not of the form below; in names and passwords, write '/', '?', '#' and '@' as %2F, %3F, %23 and %40";

/** The refusal of a URL, for a reason that repeats no secret. */
export function refused(reason: string): Failure {
  return new Failure('config', `The database URL cannot be used: ${reason}`, {
    hint: 'DATABASE_URL=postgres://USER:PASSWORD@HOST:5432/DATABASE, or postgres:///DATABASE?host=/run/postgresql for a socket',
  });
}
