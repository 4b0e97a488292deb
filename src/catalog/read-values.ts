import { parseAmount } from '../domain/amounts.ts';
import { parseInteger } from '../domain/integers.ts';
import { faultOfKept } from '../domain/kept.ts';
import { type Findings, join } from './findings.ts';

/** The readers of values in a catalogue file. Each returns the value, or undefined when it is absent or was refused. */
export type Reader<T> = (findings: Findings, path: string, value: unknown) => T | undefined;

export type Mapping = Record<string, unknown>;

/** Reads the mapping at a path; an absent or empty one has no keys. */
export function readMapping(findings: Findings, path: string, value: unknown): Mapping {
  if (value === undefined || value === null) return {};
  if (typeof value === 'object' && !Array.isArray(value)) return value as Mapping;
  findings.refuse(path, `${shown(value)} is not a mapping of keys to values`);
  return {};
}

/** Reads text that is not empty. A date or number is its own text. */
export const readText: Reader<string> = (findings, path, value) => {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string' && value.trim() !== '') return bounded(findings, path, value, 2_000);
  findings.refuse(path, `${shown(value)} is not text`);
  return undefined;
};

/** Reads a display name, which has a lower maximum length. */
export const readName: Reader<string> = (findings, path, value) => {
  const text = readText(findings, path, value);
  return text === undefined ? undefined : bounded(findings, path, text, 500);
};

function bounded(findings: Findings, path: string, text: string, most: number): string | undefined {
  const fault = faultOfKept(text, most);
  if (fault) findings.refuse(path, `the text ${fault}`);
  return fault ? undefined : text;
}

export const readFlag: Reader<boolean> = (findings, path, value) => {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'boolean') return value;
  findings.refuse(path, `${shown(value)} is neither true nor false`, 'Write true or false');
  return undefined;
};

/** Reads a decimal of 0 or more, written as a number or as text. */
export const readAmount: Reader<string> = (findings, path, value) => {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string') return findings.attempt(path, () => parseAmount(value, { min: '0' }));
  findings.refuse(
    path,
    `${shown(value)} is not a number`,
    'Write a number of 0 or more, or null for unlimited',
  );
  return undefined;
};

/** Reads a whole number of 0 or more. */
export const readCount: Reader<number> = (findings, path, value) => {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string') return findings.attempt(path, () => parseInteger(value));
  findings.refuse(path, `${shown(value)} is not a whole number`);
  return undefined;
};

/** Reads a list of texts. */
export const readTexts: Reader<string[]> = (findings, path, value) => {
  if (value === undefined || value === null) return undefined;
  if (!Array.isArray(value)) {
    findings.refuse(path, `${shown(value)} is not a list`, 'Write a list: [one, two]');
    return undefined;
  }
  const texts = value.map((item, at) => readText(findings, join(path, at), item));
  return texts.every((text) => text !== undefined) ? (texts as string[]) : undefined;
};

/** Reads one of some words. */
export function readChoice<const C extends string>(choices: readonly C[]): Reader<C> {
  return (findings, path, value) => {
    if (value === undefined || value === null) return undefined;
    if (choices.includes(value as C)) return value as C;
    findings.refuse(path, `${shown(value)} is not accepted`, `Write one of: ${choices.join(', ')}`);
    return undefined;
  };
}

/** Reads the id of a plan, kind or meter, in the form that the database accepts. */
export function isId(id: string, dots = true): boolean {
  return id.length <= 200 && (dots ? /^[a-z0-9][a-z0-9_.-]*$/ : /^[a-z0-9][a-z0-9_-]*$/).test(id);
}

/** A value in an error message. */
export function shown(value: unknown): string {
  const text = typeof value === 'string' ? `'${value}'` : (JSON.stringify(value) ?? String(value));
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
