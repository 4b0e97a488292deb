import { Failure } from './failure.ts';
import { faultOfValue } from './nesting.ts';

/** The most characters of JSON that is kept with a use or a customer. */
const longestJson = 65_536;

/** What is wrong with a text that is to be kept, as the end of a sentence: longer than `most`, or with what PostgreSQL keeps in no text. */
export function faultOfKept(text: string, most: number): string | undefined {
  if (text.length > most) return `has ${text.length} characters: ${most} are the most`;
  return unkept.test(text)
    ? 'has a character of code 0 or half of a surrogate pair, which no database keeps'
    : undefined;
}

/** Code 0, and halves of surrogate pairs. */
// eslint-disable-next-line no-control-regex
const unkept = /[\u0000\ud800-\udfff]/u;

/**
 * Reads a JSON object that is to be kept as it is.
 * @throws Failure usage for what is none, is longer than 65,536 characters, is nested too deep, or has what PostgreSQL keeps in no JSON
 */
export function parseKeptJson(text: string, name: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = undefined;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Failure('usage', `The ${name} '${text.slice(0, 60)}' is not a JSON object`, {
      hint: 'Give one such as {"team":"red"}',
    });
  checkKept(value, text, name);
  return value as Record<string, unknown>;
}

/** The same checks of any value of JSON that was read from `text`. */
export function checkKept(value: unknown, text: string, name: string): void {
  const long =
    text.length > longestJson ? `has ${text.length} characters: ${longestJson} are the most` : undefined;
  const fault = long ?? faultOfNumbers(text) ?? faultOfValue(value) ?? faultOfParts(value);
  if (fault) throw new Failure('usage', `The ${name} ${fault}`);
}

/** What is wrong with a number of a JSON text: as a double it would be another one. */
export function faultOfNumbers(text: string): string | undefined {
  for (const [token] of text.matchAll(/"[^"\\]*(?:\\.[^"\\]*)*"|-?\d[\d.eE+-]*/gs)) {
    if (token.startsWith('"')) continue;
    const digits = token
      .replace(/e.*$/i, '')
      .replace(/\D/g, '')
      .replace(/^0+|0+$/g, '');
    if (digits.length > 15 || !Number.isFinite(Number(token)))
      return `has the number ${token.slice(0, 40)}, which would lose digits: write it as text`;
  }
  return undefined;
}

/** Of names and values inside: text that is not kept. */
function faultOfParts(value: unknown): string | undefined {
  if (typeof value === 'string') return faultOfKept(value, longestJson);
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [key, inner] of Object.entries(value)) {
    const fault = faultOfKept(key, longestJson) ?? faultOfParts(inner);
    if (fault) return fault;
  }
  return undefined;
}
