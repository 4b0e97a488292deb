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

/** The way to the database: every question goes through `ask` or `call`, which time out and give Failures. */
export interface DatabaseSession {
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
export function openDatabaseSession(options: LinkOptions): DatabaseSession {
  return new PooledLink(options);
}

class PooledLink implements DatabaseSession {
  readonly #options: LinkOptions;
  /** the application's own client, as `call` uses it */
  readonly #theirs: Connection | undefined;
  /** the same with the settings that our statements need; undefined for a transaction */
  readonly #theirsOurWay: Db | undefined;
  readonly #asked = new Set<Promise<unknown>>();
  #ours: Pool | undefined;
  #unavailableUntil = 0;
  #isClosed = false;

  constructor(options: LinkOptions) {
    this.#options = options;
    this.#theirs = options.sql as Connection | undefined;
    this.#theirsOurWay = this.#theirs && 'begin' in this.#theirs ? withOwnSession(this.#theirs) : undefined;
    this.#ours = this.#theirs ? undefined : this.#open();
  }

  ask<T>(work: (db: Db) => Promise<T>, inside?: SqlClient): Promise<T> {
    const transaction = inside ?? (this.#theirsOurWay ? undefined : this.#options.sql);
    if (transaction) return this.call((db) => underOwnPath(db, work), transaction);
    return this.#answer(work, () => this.#theirsOurWay ?? this.#ours!.db);
  }

  call<T>(work: (db: Db) => Promise<T>, inside?: SqlClient): Promise<T> {
    return this.#answer(work, () => this.#theirs ?? withoutOwnSession(this.#ours!.db), inside);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.allSettled(this.#asked);
    await this.#ours?.close();
  }

  #open(): Pool {
    const { url, connections = 4 } = this.#options;
    return openPool(parseDatabaseUrl(getUrl(url)), connections);
  }

  async #answer<T>(work: (db: Db) => Promise<T>, handle: () => Db, inside?: SqlClient): Promise<T> {
    if (this.#isClosed) throw new Failure('unavailable', 'The client of subctl is closed');
    try {
      // a statement that failed in the application's own transaction has ended it: only they can begin again
      if (inside) return await this.#withinTimeout(work, inside as Db);
      return await repeatedly(() => this.#attempt(work, handle));
    } catch (error) {
      throw refusalOf(error) ?? error;
    }
  }

  /** Asks, and once more over another connection where one broke. @throws Failure unavailable after a silence */
  async #attempt<T>(work: (db: Db) => Promise<T>, handle: () => Db): Promise<T> {
    if (Date.now() < this.#unavailableUntil)
      throw new Failure('unavailable', 'The database did not answer a moment ago');
    const used = this.#ours;
    try {
      return await this.#withinTimeout(work, handle()).catch((error: unknown) => {
        if (!broken.test(sqlStateOf(error) ?? '')) throw error;
        return this.#withinTimeout(work, handle());
      });
    } catch (error) {
      if (error instanceof DatabaseTimeout) this.#giveUp(used);
      throw error;
    }
  }

  async #withinTimeout<T>(work: (db: Db) => Promise<T>, db: Db): Promise<T> {
    const answer = withTimeout(work(db), { ms: this.#options.timeoutMs ?? 5_000 });
    this.#asked.add(answer);
    try {
      return await answer;
    } finally {
      this.#asked.delete(answer);
    }
  }

  /** Replaces a pool that does not answer by a new one. */
  #giveUp(silent: Pool | undefined): void {
    this.#unavailableUntil = Date.now() + failFastMs;
    if (!silent || silent !== this.#ours) return;
    this.#ours = this.#open();
    void silent.close();
  }
}

function getUrl(url: string | undefined): string {
  const given = url ?? process.env['DATABASE_URL'];
  if (given) return given;
  throw new Failure('config', 'There is no database URL', {
    hint: "subctl({ url: 'postgres://…' }), or set DATABASE_URL; that of the embedded database: subctl db url --show-password",
  });
}
