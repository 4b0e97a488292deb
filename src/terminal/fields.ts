import { Failure } from '../domain/failure.ts';
import { nearest } from '../domain/nearest.ts';
import type { Column } from './outcome.ts';

/** What `--fields` named is no field of the result. */
export class UnknownField extends Failure {}

/**
 * The columns that `--fields` picks, in its order; all of them without it.
 * @throws Failure usage that names the fields there are
 */
export function pickColumns(
  columns: readonly Column[],
  fields: readonly string[] | undefined,
): readonly Column[] {
  if (!fields) return columns;
  const keys = columns.map(({ key }) => key);
  return pickKeys(keys, fields).map((key) => {
    const column = columns[keys.indexOf(key)]!;
    return { ...column, hidden: false, optional: false };
  });
}

/** The same for the keys of a record. */
export function pickKeys(keys: readonly string[], fields: readonly string[] | undefined): readonly string[] {
  if (!fields) return keys;
  const known = new Set(keys);
  for (const field of fields) {
    if (known.has(field)) continue;
    const near = nearest(field, keys);
    throw new UnknownField('usage', `There is no field '${field}'${near ? `, did you mean ${near}?` : ''}`, {
      hint: `Fields: ${keys.join(', ')}`,
    });
  }
  return fields;
}
