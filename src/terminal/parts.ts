import { Failure } from '../domain/failure.ts';
import type { RecordOutcome, Row, RowsOutcome } from './outcome.ts';

interface Asked {
  format: string;
  fields?: readonly string[] | undefined;
  part?: string | undefined;
  mainPart?: string | undefined;
}

/**
 * The list of a record that is printed in its place: the one that was asked for, in any format; in CSV and TSV, whose cells cannot hold a
 * list, the lines that the command gives, else its main list. Undefined for the record itself.
 * @throws Failure usage for a list that the record does not have
 */
export function partOf(
  outcome: RecordOutcome,
  { format, fields, part, mainPart }: Asked,
): RowsOutcome | undefined {
  const { record, timezone, lines } = outcome;
  if (part === undefined && !/^[ct]sv$/.test(format)) return undefined;
  if (part === undefined && lines) return lines;
  const lists = Object.keys(record).filter((key) => isList(record[key], key === part || key === mainPart));
  const isPicked = fields?.every((field) => field in record && !isList(record[field], false));
  const name = part ?? (isPicked ? undefined : (lists.find((key) => key === mainPart) ?? lists[0]));
  if (name === undefined) return undefined;
  if (!lists.includes(name)) throw new Failure('usage', `The result has no list '${name}'`);
  const rows = (record[name] as Row[]).map(withoutLists);
  const keys = new Set(rows.flatMap((row) => Object.keys(row)));
  return {
    columns: [...keys].map((key) => ({ key })),
    rows,
    title: name.replaceAll('_', ' '),
    ...(timezone && { timezone }),
  };
}

/** A list of objects; an empty one only where it is `known` to be a list of them. */
function isList(value: unknown, known: boolean): boolean {
  if (!Array.isArray(value)) return false;
  return value.length === 0 ? known : value.every((item) => typeof item === 'object' && item !== null);
}

/** A row of a list; lists inside of it have no place in a cell. */
function withoutLists(row: Row): Row {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => !isList(value, false)));
}
