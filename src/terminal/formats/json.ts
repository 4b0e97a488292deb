import type { Row } from '../outcome.ts';
import type { Rows } from '../rows.ts';
import type { Sink } from '../sink.ts';
import { jsonValue } from '../values.ts';

/** One JSON value, indented, with a line end. */
export async function writeJson(sink: Sink, value: unknown): Promise<void> {
  await sink.write(`${JSON.stringify(value, jsonValue, 2)}\n`);
}

/** Rows as one JSON array, written row by row. */
export async function writeJsonRows(sink: Sink, { columns, rows }: Rows): Promise<void> {
  let separator = '[\n  ';
  for await (const row of rows) {
    if (sink.closed) return;
    await sink.write(
      separator + JSON.stringify(fieldsOf(row, columns), jsonValue, 2).replaceAll('\n', '\n  '),
    );
    separator = ',\n  ';
  }
  await sink.write(separator.startsWith('[') ? '[]\n' : '\n]\n');
}

/** Rows as one JSON object a line. */
export async function writeNdjson(sink: Sink, { columns, rows }: Rows): Promise<void> {
  for await (const row of rows) {
    if (sink.closed) return;
    await sink.write(`${JSON.stringify(fieldsOf(row, columns), jsonValue)}\n`);
  }
}

function fieldsOf(row: Row, columns: Rows['columns']): Row {
  return Object.fromEntries(columns.map(({ key }) => [key, row[key] ?? null]));
}
