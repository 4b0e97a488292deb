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

/** Rows of which the first has come: a list that is refused is refused before anything of it is written. */
export async function begun(rows: Rows['rows']): Promise<Rows['rows']> {
  if (!(Symbol.asyncIterator in rows)) return rows;
  const iterator = rows[Symbol.asyncIterator]();
  const first = await iterator.next();
  return (async function* () {
    try {
      for (let next = first; !next.done; next = await iterator.next()) yield next.value;
    } finally {
      await iterator.return?.();
    }
  })();
}
