import { stringify } from 'csv-stringify/sync';
import type { Rows } from '../rows.ts';
import type { Sink } from '../sink.ts';
import { cellText } from '../values.ts';

export interface CsvOptions {
  header: boolean;
  /** put an apostrophe before text that a spreadsheet would run as a formula */
  guard: boolean;
}

const batchSize = 500;

/** RFC 4180: comma, CRLF, quotes where needed; null is nothing and an empty text is `""`. Written in batches, however many rows. */
export async function writeCsv(
  sink: Sink,
  { columns, rows }: Rows,
  { header, guard }: CsvOptions,
): Promise<void> {
  if (columns.length === 0) return;
  let batch: unknown[][] = header ? [columns.map(({ key }) => key)] : [];
  const cell = guard ? guardedLines : (value: unknown) => value;
  for await (const row of rows) {
    if (sink.closed) return;
    batch.push(columns.map(({ key }) => cell(row[key])));
    if (batch.length < batchSize) continue;
    await sink.write(csvLines(batch));
    batch = [];
  }
  await sink.write(csvLines(batch));
}

/** Records as lines of CSV. A cell with a line break of any kind is quoted: the library looks only for the delimiter's own. */
export function csvLines(batch: readonly (readonly unknown[])[]): string {
  return stringify(batch as unknown[][], {
    record_delimiter: 'windows',
    quoted_match: /[\r\n]/,
    cast: {
      boolean: (value) => String(value),
      date: (value) => value.toISOString(),
      object: (value) => cellText(value),
      string: (value) => (value === '' ? { value, quoted_empty: true } : value),
    },
  });
}

/** Numbers are left alone, `-5.00` too; ` =1`, `+49…` and full-width signs are not. */
export function guarded(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  const formula = /^[\s\u00a0\ufeff]*[=+\-@\t\r|%＝＋－＠]/.test(value) && !/^-?\d+(\.\d+)?$/.test(value);
  return formula ? `'${value}` : value;
}

const formulaAfterBreak = /(?<=[\n\r\v\f\u0085\u2028\u2029])(?=[^\S\r\n]*[=+\-@\t|%＝＋－＠])/g;

/** The same for each line inside a cell: a reader that takes every line break for the end of a record would run what follows. */
function guardedLines(value: unknown): unknown {
  const whole = guarded(value);
  return typeof whole === 'string' ? whole.replace(formulaAfterBreak, "'") : whole;
}

/** Tab-separated lines, LF; tabs, line breaks and backslashes inside a value are written as \t, \n, \r and \\. */
export async function writeTsv(
  sink: Sink,
  { columns, rows }: Rows,
  { header, guard }: CsvOptions,
): Promise<void> {
  const cell = guard ? guarded : (value: unknown) => value;
  if (columns.length === 0) return;
  if (header) await sink.write(`${columns.map(({ key }) => key).join('\t')}\n`);
  for await (const row of rows) {
    if (sink.closed) return;
    await sink.write(`${columns.map(({ key }) => escapeTab(cellText(cell(row[key])))).join('\t')}\n`);
  }
}

const escapes: Record<string, string> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

function escapeTab(text: string): string {
  return text.replace(/[\\\t\n\r]/g, (sign) => escapes[sign]!);
}
