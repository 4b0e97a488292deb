import { createHash } from 'node:crypto';
import { finished } from 'node:stream/promises';
import type { Db } from '../database/connect.ts';
import { Failure } from '../domain/failure.ts';
import { countLines, type Head, type Tail, words } from './archive.ts';
import { type Counted, countTable } from './count.ts';
import type { TableShape } from './inventory.ts';
import { copied } from './session.ts';

export interface WriteArchive {
  head: Head;
  /** told how many rows are written so far, and of which table */
  progress: (rows: number, table: string) => void;
  /** given what the last line says, when that is written */
  ended: (tail: Tail) => void;
}

/**
 * The text of an archive, in pieces as the database gives them. `tx` is one snapshot under useArchiveSettings; nothing is kept but the
 * piece in hand. A table whose copy has not as many rows as its count is an error: the snapshot did not hold.
 */
export async function* writeArchive(
  tx: Db,
  { head, progress, ended }: WriteArchive,
): AsyncGenerator<Buffer, void> {
  const hash = createHash('sha256');
  const said = (bytes: Buffer) => (hash.update(bytes), bytes);
  const line = (text: string) => said(Buffer.from(`${text}\n`));
  const tables: Counted[] = [];
  let rows = 0;
  yield line(`${words.head}${JSON.stringify(head)}`);
  for (const table of head.tables) {
    yield line(`COPY ${copied(table)} FROM stdin;`);
    let copiedRows = 0;
    for await (const bytes of readRows(tx, table)) {
      copiedRows += countLines(bytes);
      progress((rows += countLines(bytes)), table.name);
      yield said(bytes);
    }
    yield line('\\.');
    const counted = await countTable(tx, table);
    if (counted.rows !== copiedRows)
      throw new Failure('bug', `${table.name} gave ${copiedRows} rows and counts ${counted.rows}`);
    tables.push(counted);
    yield line(`${words.table}${JSON.stringify(counted)}`);
  }
  const tail = { tables, sha256: hash.digest('hex') };
  yield Buffer.from(`${words.tail}${JSON.stringify(tail)}\n`);
  ended(tail);
}

/**
 * The rows of a table as COPY writes them. Where the reader stops before the end, the rest is read and thrown away: until COPY has ended
 * the connection takes no other statement, not even the end of the transaction.
 */
export async function* readRows(tx: Db, table: TableShape): AsyncGenerator<Buffer, void> {
  const stream = await tx.unsafe(`copy ${copied(table)} to stdout`).readable();
  try {
    for await (const bytes of stream.iterator({ destroyOnReturn: false })) yield bytes as Buffer;
  } finally {
    if (!stream.readableEnded) await finished(stream.resume()).catch(() => undefined);
  }
}
