import type { Connection } from '../database/connect.ts';
import { openReader } from '../database/reader.ts';
import { serverErrorOf } from '../database/server-error.ts';
import { Failure } from '../domain/failure.ts';
import { type TableColumns, type TableRow, checkHeader } from '../files/read-csv.ts';

const page = 2_000;

/**
 * Reads the rows of a query over the application's own tables, page by page, in a read-only transaction: one statement that only reads.
 * Values become text as the database writes them; empty ones become null.
 * @throws Failure usage with PostgreSQL's message when the query fails, writes, or has several statements; for its columns as readCsv
 */
export async function* readQuery(
  connection: Connection,
  query: string,
  columns: TableColumns,
): AsyncGenerator<TableRow[]> {
  const { db, close } = await openReader(connection);
  const refusing = async <T>(work: Promise<T>): Promise<T> =>
    work.catch((error: unknown) => Promise.reject(refused(error)));
  // the extended protocol accepts exactly one statement
  const once = { simple: false } as object;
  try {
    await db`set local search_path to default`; // the tables belong to the application and are found by its search_path
    const text = query.trim().replace(/;\s*$/, '');
    await refusing(db.unsafe(`declare subctl_import no scroll cursor for ${text}`, [], once));
    const fetch = () => refusing(db.unsafe(`fetch ${page} from subctl_import`, [], once));
    for (let line = 0, rows = await fetch(); ; rows = await fetch()) {
      if (line === 0)
        checkHeader(
          rows.columns.map(({ name }) => name),
          columns,
        );
      yield rows.map((row) => ({ line: ++line, values: textOf(row) }));
      if (rows.length < page) return;
    }
  } finally {
    await close();
  }
}

function textOf(row: Record<string, unknown>): TableRow['values'] {
  const entries = Object.entries(row).map(([key, value]) => [key.toLowerCase(), cell(value)] as const);
  return Object.fromEntries(entries);
}

function cell(value: unknown): string | null {
  if (value === null || value === undefined || value === '') return null;
  if (value instanceof Date) return value.toISOString();
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function refused(error: unknown): unknown {
  const found = serverErrorOf(error);
  if (!found || /^(08|57|53|CONN)/.test(found.code) || !/^[0-9A-Z]{5}$/.test(found.code)) return error;
  const writes = found.code === '25006' || /data-modifying/.test(found.message);
  return new Failure('usage', `The query is refused: ${found.message}`, {
    hint: writes
      ? 'The query may only read'
      : 'Give one select with the columns id, kind, name, email, timezone, currency, metadata or plan',
    cause: error,
  });
}
