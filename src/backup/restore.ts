import type { Address } from '../database/address.ts';
import type { Program } from '../database/bundled-sql.ts';
import type { Connection, Db } from '../database/connect.ts';
import { type Head, rowsOf } from './archive.ts';
import { fill, type Filled, refuseFull } from './fill.ts';
import type { ArchiveKey } from './key-file.ts';
import { type Method, openFile } from './open-file.ts';
import { openArchive } from './read-archive.ts';
import { restoreDump } from './restore-dump.ts';

export interface RestoreRequest {
  file: string;
  key: ArchiveKey | undefined;
  /** of the database, for pg_restore */
  address: Address;
  env: Record<string, string | undefined>;
  program: Program;
  progress: (rows: number, table: string) => void;
}

/** What was restored. */
export interface Restored extends Filled {
  method: Method;
  head: Head;
  rows: number;
}

/**
 * Restores an archive into a database without a schema subctl, in one transaction: a command that is killed, or an archive that turns
 * out to be damaged at its last byte, leaves the database as it was.
 * @throws Failure as `fill`, `restoreDump` and `openArchive` do
 */
export async function restoreFile(connection: Connection, request: RestoreRequest): Promise<Restored> {
  const { file, key, program, address, env, progress } = request;
  await connection.begin((tx) => refuseFull(tx as Db));
  const { method, bytes } = await openFile(file, key);
  if (method === 'pg_dump') {
    const open = async () => (await openFile(file, key)).bytes;
    const done = await restoreDump(connection, { open, program, address, env });
    return { ...done, method, rows: rowsOf(done.tables) };
  }
  const { head, tables } = await openArchive(bytes);
  const filled = (await connection.begin((tx) =>
    fill(tx as Db, { from: head, tables: tables(), program, progress }),
  )) as Filled;
  return { ...filled, method, head, rows: rowsOf(filled.tables) };
}
