import { parseDatabaseUrl } from '../database/address.ts';
import { type Connection, connectTo, type Db } from '../database/connect.ts';
import { withPatience } from '../database/patience.ts';
import { refusalOf } from '../database/refusals.ts';
import { repeatedly } from '../database/transaction.ts';
import { Failure } from '../domain/failure.ts';
import type { LinkOptions, SqlClient } from './options.ts';

/** The way to the database: every question goes through `ask`, which has patience and gives Failures. */
export interface Link {
  ask<T>(work: (db: Db) => Promise<T>, sql?: SqlClient): Promise<T>;
  close(): Promise<void>;
}

/**
 * Opens nothing yet: a database that is away is found by the first question, which fails with `unavailable`. Connections that do not
 * answer are given up for new ones. Those of the application's are left to it.
 * @throws Failure config for a URL that is missing or wrong
 */
export function openLink({ url, sql, connections = 4, timeoutMs = 5_000 }: LinkOptions): Link {
  const theirs = sql as Db | undefined;
  const open = () => connectTo(parseDatabaseUrl(getUrl(url)), connections);
  let ours: Connection | undefined = theirs ? undefined : open();
  let isClosed = false;

  async function ask<T>(work: (db: Db) => Promise<T>, inside?: SqlClient): Promise<T> {
    if (isClosed) throw new Failure('unavailable', 'The client of subctl is closed');
    const used = ours;
    const db = (inside as Db | undefined) ?? theirs ?? used!;
    const once = () => withPatience(work(db), { ms: timeoutMs });
    try {
      // a statement that failed in the application's own transaction has ended it: only they can begin again
      return await (inside ? once() : repeatedly(once));
    } catch (error) {
      if (error instanceof Failure && error.kind === 'unavailable' && used && used === ours) renew(used);
      throw refusalOf(error) ?? error;
    }
  }

  function renew(silent: Connection): void {
    ours = open();
    void silent.end({ timeout: 0 }).catch(() => undefined);
  }

  return {
    ask,
    async close() {
      isClosed = true;
      await ours?.end({ timeout: 5 });
    },
  };
}

function getUrl(url: string | undefined): string {
  const given = url ?? process.env['DATABASE_URL'];
  if (given) return given;
  throw new Failure('config', 'There is no database URL', {
    hint: "subctl({ url: 'postgres://…' }), or set DATABASE_URL; that of the embedded database: subctl db url --show-password",
  });
}
