import { isDeepStrictEqual } from 'node:util';

/** Two accounts of one thing that do not agree. */
export class Finding extends Error {}

/** @throws Finding with what differs, where the database and the model do not say the same */
export function agree(what: string, database: unknown, model: unknown): void {
  const [is, should] = [database, model].map((value) => JSON.parse(JSON.stringify(value ?? null)) as unknown);
  if (isDeepStrictEqual(is, should)) return;
  const [left, right] = onlyDifferent(is, should);
  throw new Finding(`${what}: the database says ${JSON.stringify(left)}, the model ${JSON.stringify(right)}`);
}

/** Of two records or lists only what differs. */
function onlyDifferent(a: unknown, b: unknown): [unknown, unknown] {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return [a, b];
  const [left, right] = [a, b] as [Record<string, unknown>, Record<string, unknown>];
  const keys = [...new Set([...Object.keys(left), ...Object.keys(right)])].filter(
    (key) => !isDeepStrictEqual(left[key], right[key]),
  );
  const parts = keys.map((key) => [key, onlyDifferent(left[key], right[key])] as const);
  const side = (n: 0 | 1) => Object.fromEntries(parts.map(([key, pair]) => [key, pair[n]]));
  return [side(0), side(1)];
}
