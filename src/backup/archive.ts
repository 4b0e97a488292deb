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
