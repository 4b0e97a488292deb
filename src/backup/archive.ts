import type { Counted } from './count.ts';
import type { Inventory } from './inventory.ts';

/**
 * The archive is SQL text, gzipped: `COPY … FROM stdin;`, rows, `\.`, table after table, between comments that begin with one of these
 * words and are followed by JSON. Anybody can read it without subctl: `gzip -dc FILE`.
 */
export const words = {
  head: '-- backup of subctl ',
  table: '-- rows ',
  tail: '-- end ',
} as const;

/** The first line: what the database was, and what this archive is. */
export interface Head extends Inventory {
  /** of the archive; a higher one is refused */
  format: 1;
  /** the version of subctl that made it */
  program: string;
  /** the clock of the database, at the snapshot */
  made_at: string;
}

/** The last line: what the rows are, and the SHA-256 of all that stands before it. */
export interface Tail {
  tables: Counted[];
  sha256: string;
}

/** The number of a row's line ends: COPY writes one line a row, and no line end inside of one. */
export function countLines(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) count += 1;
  return count;
}

/** The number of rows of all tables. */
export function rowsOf(tables: readonly Counted[]): number {
  return tables.reduce((sum, { rows }) => sum + rows, 0);
}

/** Whether a value has the form of a head, as it must before anything of it is used: what is in it is known to be whole only at the end. */
export function isHead(value: unknown): value is Head {
  if (!isObject(value) || !isObject(value['schema'])) return false;
  const { program, made_at, server, schema, applied, tables, sequences, grants } = value;
  return (
    [program, made_at, server].every(isText) &&
    Number.isSafeInteger(schema['version']) &&
    [schema['functions'], schema['program'], schema['oldest_program']].every(isText) &&
    isListOf(applied, ({ name, checksum }) => isText(name) && isText(checksum)) &&
    isListOf(tables, isTable) &&
    isListOf(sequences, ({ name, value: last }) => isText(name) && isText(last)) &&
    isListOf(grants, ({ role, statement }) => (role === null || isText(role)) && isText(statement))
  );
}

/** Whether a value has the form of a tail. */
export function isTail(value: unknown): value is Tail {
  return isObject(value) && isText(value['sha256']) && isListOf(value['tables'], isCounted);
}

/** Whether a value has the form of what is said of a table's rows. */
export function isCounted(value: unknown): value is Counted {
  return (
    isObject(value) &&
    isText(value['name']) &&
    Number.isSafeInteger(value['rows']) &&
    isText(value['checksum'])
  );
}

type Found = Partial<Record<string, unknown>>;

const isText = (value: unknown): value is string => typeof value === 'string';
const isObject = (value: unknown): value is Found =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function isListOf(value: unknown, is: (one: Found) => boolean): boolean {
  return Array.isArray(value) && value.every((one) => isObject(one) && is(one));
}

function isTable({ name, columns, parent, bounds }: Found): boolean {
  const isTextOrNull = (one: unknown) => one === null || isText(one);
  return (
    isText(name) &&
    Array.isArray(columns) &&
    columns.every(isText) &&
    isTextOrNull(parent) &&
    isTextOrNull(bounds)
  );
}
