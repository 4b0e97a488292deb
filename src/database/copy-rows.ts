import type { Writable } from 'node:stream';
import type { Db } from './connect.ts';

/** A column of a table and its text for a row; null is null. */
export interface CopiedColumn<T> {
  name: string;
  read: (row: T) => string | null;
}

/** Adds rows to a table by COPY: what a constraint refuses fails as it does for INSERT, and then no row is there. */
export async function copyRows<T>(
  tx: Db,
  { table, columns, rows }: { table: string; columns: readonly CopiedColumn<T>[]; rows: readonly T[] },
): Promise<void> {
  const names = columns.map(({ name }) => name);
  const stream: Writable = await tx`copy ${tx(table)} (${tx(names)}) from stdin`.writable();
  const lines = rows.map((row) => columns.map(({ read }) => cellOf(read(row))).join('\t'));
  await new Promise<void>((resolve, reject) => {
    stream.once('error', reject);
    stream.end(`${lines.join('\n')}\n`, (error?: Error | null) => (error ? reject(error) : resolve()));
  });
}

const special = /[\\\t\n\r]/;
const specials = new RegExp(special, 'g');
const written: Record<string, string> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

function cellOf(value: string | null): string {
  if (value === null) return '\\N';
  return special.test(value) ? value.replace(specials, (sign) => written[sign]!) : value;
}
