import type { FailureKind } from '../domain/failure.ts';

export type Row = Record<string, unknown>;

/** A column of a table and a field of every other format. The order of the columns is the order of the fields. */
export interface Column {
  /** the field's name, snake_case */
  key: string;
  /** the heading of the table; the key with spaces unless said */
  title?: string;
  align?: 'right';
  /** how a table shows the value; other formats always get the value itself */
  show?: (value: unknown, row: Row) => string;
  /** left out of a table that would be too wide, the last such column first */
  optional?: boolean;
  /** in no table unless asked for by --fields; in every other format */
  hidden?: boolean;
}

interface Common {
  /** the exit code when it is not 0, such as refused for a check that says no */
  exit?: FailureKind;
  /** the exit code of a program that the command ran, in place of its own */
  code?: number;
  /** sentences for the person at the terminal, on stderr */
  notes?: readonly string[];
  /** it holds a secret: a file that it makes is for its owner alone */
  secret?: boolean;
}

/** Rows of one kind, printed as a table, CSV and so on. An async iterable is streamed where the format allows. */
export interface RowsOutcome extends Common {
  columns: readonly Column[];
  rows: Iterable<Row> | AsyncIterable<Row>;
  /** heading of the table and caption of the HTML */
  title?: string;
  /** lines under the table, for people only */
  footer?: readonly string[];
  /** what a table says when there are no rows */
  empty?: string;
  /** the zone in which a table shows instants; UTC unless said */
  timezone?: string;
  /** what --json prints in place of the array of rows */
  json?: unknown;
}

/** One thing. JSON is `record` whole; people see `sections`, or else the fields of the record line by line. */
export interface RecordOutcome extends Common {
  record: Row;
  title?: string;
  sections?: readonly Section[];
  timezone?: string;
  /** the whole HTML file, where it is a document of its own and not the sections one below the other */
  page?: () => string;
  /** what CSV and TSV have, where one row of all fields would say little: its lines */
  lines?: RowsOutcome;
}

/** A series as a picture, for HTML: columns or a line over time, or a ranking from the top down. */
export interface Chart {
  title: string;
  kind: 'bar' | 'line' | 'ranking';
  labels: readonly string[];
  /** exact decimals; null is no value */
  values: readonly (string | null)[];
}

/** A part of what people see of a record: lines of label and value, a table, or pictures, which only HTML has. */
export type Section =
  | { title?: string; charts: readonly Chart[] }
  | { title?: string; entries: readonly (readonly [label: string, value: unknown])[] }
  | { title?: string; columns: readonly Column[]; rows: readonly Row[]; empty?: string };

/** Text that is the result itself, printed as it is: a script, a unit file. */
export interface TextOutcome extends Common {
  text: string;
  json?: unknown;
}

export type Outcome = RowsOutcome | RecordOutcome | TextOutcome;
