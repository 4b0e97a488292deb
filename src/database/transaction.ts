import { CatchUpRequired } from './catch-up-required.ts';
import type { Connection, Db } from './connect.ts';
import { sqlStateOf } from './server-error.ts';

const repeatable = new Set(['40001', '40P01']);
const pausesMs = [10, 30, 90, 270];

export interface TransactionOptions {
  /** Every statement sees one snapshot, and none may write; sorts and hashes have 32 MB at least. */
  readOnly?: boolean;
  /** told how many rows are written of what was missed, where that is settled before */
  caughtUp?: ((rows: number) => void) | undefined;
}

/**
 * Runs `work` in one transaction and commits it, or undoes all of it when `work` throws. A serialization failure or a deadlock
 * (40001, 40P01) is repeated from the start, five times in all, so `work` must have no effect outside the database. Work that is Behind
 * begins again once it has caught up.
 */
export async function inTransaction<T>(
  connection: Connection,
  work: (tx: Db) => Promise<T>,
  { readOnly = false, caughtUp = () => undefined }: TransactionOptions = {},
): Promise<T> {
  const how = readOnly ? 'isolation level repeatable read read only' : '';
  for (;;) {
    try {
      return await repeatedly(
        async () => (await connection.begin(how, readOnly ? forReading(work) : work)) as T,
      );
    } catch (error) {
      if (!(error instanceof CatchUpRequired)) throw error;
      await error.catchUp(connection, caughtUp);
    }
  }
}

/** bytes for each sort and hash of a reading, where the server's setting is lower */
const memory = 32 * 1024 * 1024;

const forReading =
  <T>(work: (tx: Db) => Promise<T>) =>
  async (tx: Db): Promise<T> => {
    await tx`
      select set_config('work_mem', greatest(pg_size_bytes(current_setting('work_mem')), ${memory}) / 1024 || 'kB', true)`;
    return work(tx);
  };

/** Runs `work`, whose statements stand each for itself, and repeats it as `inTransaction` does. */
export async function repeatedly<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      const pause = pausesMs[attempt];
      if (pause === undefined || !repeatable.has(sqlStateOf(error) ?? '')) throw error;
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
}
