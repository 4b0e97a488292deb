import type { Connection, Db } from './connect.ts';

/** A read-only transaction that stays open between the calls of a generator. */
export interface Reader {
  db: Db;
  /** Ends it; never throws. */
  close(): Promise<void>;
}

/**
 * Opens a transaction that sees one snapshot and cannot write, on a connection of its own. Made of `begin`: postgres.js never gives
 * a new connection to `reserve` when it does not fetch types.
 */
export async function openReader(connection: Connection): Promise<Reader> {
  let finish: () => void = () => undefined;
  const finished = new Promise<void>((resolve) => (finish = resolve));
  return new Promise<Reader>((resolve, reject) => {
    const transaction = connection.begin('isolation level repeatable read read only', async (db) => {
      const over = async () => (finish(), await transaction.catch(() => undefined), undefined);
      resolve({ db, close: over });
      await finished;
    });
    transaction.catch(reject);
  });
}
