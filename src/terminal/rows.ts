import type { Column, Row } from './outcome.ts';

/** Rows on their way to a format: the columns that were asked for, and what a table needs around them. */
export interface Rows {
  columns: readonly Column[];
  rows: Iterable<Row> | AsyncIterable<Row>;
  title?: string | undefined;
  footer?: readonly string[] | undefined;
  empty?: string | undefined;
  timezone?: string | undefined;
}
