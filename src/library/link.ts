import { parseDatabaseUrl } from '../database/address.ts';
import type { Connection, Db } from '../database/connect.ts';
import { underOwnPath, withOwnSession, withoutOwnSession } from '../database/own-session.ts';
import { DatabaseTimeout, withTimeout } from '../database/timeout.ts';
import { openPool, type Pool } from '../database/pool.ts';
import { refusalOf } from '../database/refusals.ts';
import { sqlStateOf } from '../database/server-error.ts';
import { repeatedly } from '../database/transaction.ts';
import { Failure } from '../domain/failure.ts';
import type { LinkOptions, SqlClient } from './options.ts';

/** The way to the database: every question goes through `ask` or `call`, which have timeout and give Failures. */
export interface Link {
  /** Asks, and once more where a connection broke: so what is asked may be asked twice. `sql` is a transaction of the application's. */
  ask<T>(work: (db: Db) => Promise<T>, sql?: SqlClient): Promise<T>;
  /** The same for one call of an entry function, which needs no settings of ours around it. */
  call<T>(work: (db: Db) => Promise<T>, sql?: SqlClient): Promise<T>;
  close(): Promise<void>;
}

/** After a silence, questions fail at once for so long: callers that all wait would bring the application down with the database. */
const failFastMs = 1_000;

/** Connections that were there and are gone: of the server's end, its restart, or a pooler's. */
const broken = /^(CONNECTION_CLOSED|CONNECTION_ENDED|CONNECTION_DESTROYED|ECONNRESET|EPIPE|57P0[12])$/;

/**
 * Opens nothing yet: a database that is away is found by the first question, which fails with `unavailable`. Connections that do not
 * answer are given up for new ones. Those of the application's are left to it.
 * @throws Failure config for a URL that is missing or wrong
 */
export function openLink({ url, sql, connections = 4, timeoutMs = 5_000 }: LinkOptions): Link {
  const theirs = sql as Connection | undefined;
  const theirsOurWay = theirs && 'begin' in theirs ? withOwnSession(theirs) : undefined;
  const open = () => openPool(parseDatabaseUrl(getUrl(url)), connections);
  let ours: Pool | undefined = theirs ? undefined : open();
  let unavailableUntil = 0;
  let isClosed = false;
  const asked = new Set<Promise<unknown>>();

  const ask = <T>(work: (db: Db) => Promise<T>, inside?: SqlClient): Promise<T> => {
    const transaction = inside ?? (theirsOurWay ? undefined : sql);
    if (transaction) return call((db) => underOwnPath(db, work), transaction);
    return answer(work, () => theirsOurWay ?? ours!.db);
  };
  const call = <T>(work: (db: Db) => Promise<T>, inside?: SqlClient): Promise<T> =>
    answer(work, () => theirs ?? withoutOwnSession(ours!.db), inside);

  async function answer<T>(work: (db: Db) => Promise<T>, handle: () => Db, inside?: SqlClient): Promise<T> {
    if (isClosed) throw new Failure('unavailable', 'The client of subctl is closed');
    try {
      // a statement that failed in the application's own transaction has ended it: only they can begin again
      if (inside) return await withinTimeout(work, inside as Db);
      return await repeatedly(() => attempt(work, handle));
    } catch (error) {
      throw refusalOf(error) ?? error;
    }
  }

  async function attempt<T>(work: (db: Db) => Promise<T>, handle: () => Db): Promise<T> {
    if (Date.now() < unavailableUntil)
      throw new Failure('unavailable', 'The database did not answer a moment ago');
    const used = ours;
    try {
      return await withinTimeout(work, handle()).catch((error: unknown) => {
        if (!broken.test(sqlStateOf(error) ?? '')) throw error;
        return withinTimeout(work, handle());
      });
    } catch (error) {
      if (error instanceof DatabaseTimeout) giveUp(used);
      throw error;
    }
  }

  async function withinTimeout<T>(work: (db: Db) => Promise<T>, db: Db): Promise<T> {
    const answer = withTimeout(work(db), { ms: timeoutMs });
    asked.add(answer);
    try {
      return await answer;
    } finally {
      asked.delete(answer);
    }
  }

  function giveUp(silent: Pool | undefined): void {
    unavailableUntil = Date.now() + failFastMs;
    if (!silent || silent !== ours) return;
    ours = open();
    void silent.close();
  }

  return {
    ask,
    call,
    async close() {
      isClosed = true;
      await Promise.allSettled(asked);
      await ours?.close();
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
