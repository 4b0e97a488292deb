import { LosslessNumber, parse } from 'lossless-json';
import { Failure } from '../../domain/failure.ts';

/** How deep a body may be: deeper ones are made to overflow something. */
const deepest = 32;

/**
 * The value of a JSON text in which no number has lost a digit: numbers are LosslessNumbers, which hold what was written.
 * @throws Failure usage for what is no JSON, has a key twice with two values, or is nested more than 32 deep
 */
export function readExactJson(text: string): unknown {
  if (depthOf(text) > deepest) throw new Failure('usage', `The body is nested more than ${deepest} deep`);
  if (/(?<!\\)(?:\\\\)*\\u0000/.test(text))
    throw new Failure('usage', 'The body has a character of code 0, which no database keeps');
  if (/\\u/.test(text) && loneSurrogate.test(text.replaceAll('\\\\', '')))
    throw new Failure('usage', 'The body has half of a surrogate pair, which is no character');
  try {
    const value = parse(text);
    return value instanceof LosslessNumber ? value.toString() : value; // alone it is what nobody asks for
  } catch (error) {
    const { message } = error as Error;
    throw new Failure('usage', `The body is no JSON: ${message.slice(0, 200)}`, {
      cause: error,
      hint: 'Send one object, {} where it says nothing',
    });
  }
}

/** An escape of half a pair without the other half. */
const loneSurrogate =
  /\\u[dD][89abAB][\da-fA-F]{2}(?!\\u[dD][c-fC-F])|(?<!\\u[dD][89abAB][\da-fA-F]{2})\\u[dD][c-fC-F]/;

function depthOf(text: string): number {
  let [depth, most] = [0, 0];
  for (const [sign] of text.matchAll(/"(?:[^"\\]|\\.)*"|[[\]{}]/gs)) {
    if (sign === '[' || sign === '{') most = Math.max(most, ++depth);
    else if (sign === ']' || sign === '}') depth--;
  }
  return most;
}

/**
 * The value with ordinary numbers, for what is kept as the application's own.
 * @throws Failure usage that names a number which would lose digits
 */
export function withPlainNumbers(value: unknown, path: string): unknown {
  if (value instanceof LosslessNumber) return plainNumber(value.toString(), path);
  if (Array.isArray(value)) return value.map((each, at) => withPlainNumbers(each, `${path}[${at}]`));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [key, withPlainNumbers(each, `${path}.${key}`)]),
  );
}

function plainNumber(text: string, path: string): number {
  const digits = text.replace(/e.*$/i, '').replace(/\D/g, '').replace(/^0+/, '').replace(/0+$/, '');
  const number = +text;
  if (digits.length <= 15 && Number.isFinite(number) && (number !== 0 || digits === '')) return number;
  throw new Failure('usage', `The number ${text.slice(0, 60)} of ${path} would lose digits`, {
    hint: 'Send it as a string',
  });
}
