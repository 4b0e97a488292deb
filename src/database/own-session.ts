import type postgres from 'postgres';

type Connection = postgres.Sql<Record<string, unknown>>;
type Db = postgres.ISql<Record<string, unknown>>;

/**
 * What a transaction of ours begins with, whatever the database, the role or a pooler has set for the session. The search path decides
 * which functions and operators an unqualified name means, so nothing that others create in `public` is ever called; the others decide
 * what a text of SQL means. As SET LOCAL it holds behind PgBouncer in transaction mode, and leaves nothing behind for other clients.
 */
const ownSession = [
  'set local search_path = pg_catalog, subctl, pg_temp',
  'set local standard_conforming_strings = on',
  'set local array_nulls = on',
  // the costs of our statements are guesses about functions, for which servers would compile for longer than the statements run
  'set local jit = off',
  // whoever waits for a lock gives up after a minute, unless the database, the role or the URL has said how long
  "select pg_catalog.set_config('lock_timeout', '60s', true) where pg_catalog.current_setting('lock_timeout') = '0'",
].join('; ');

/** A query of postgres.js: it hands itself to its handler when it is awaited, or read in any other way. */
type Query = postgres.PendingQuery<postgres.Row[]> & {
  handler(query: Query): void;
  resolve(rows: unknown): void;
  reject(reason: unknown): void;
};

const raw = new WeakMap<object, Connection>();

/**
 * The same pool, whose transactions begin with `ownSession`. A single statement becomes a transaction: behind a pooler, what the statement
 * before it has set may be another session's.
 */
export function withOwnSession(connection: Connection): Connection {
  const begin = (how: unknown, work?: (tx: Db) => unknown) => {
    const [options, task] = work ? [how as string, work] : ['', how as (tx: Db) => unknown];
    return connection.begin(options, async (tx) => {
      void tx.unsafe(ownSession).execute(); // its answer is not awaited: it goes out with the first statement, and its failure is the transaction's
      await undefined; // the driver queues a statement one microtask after it is asked to
      return task(tx);
    });
  };
  const inside = (query: unknown) => {
    if (isQuery(query))
      query.handler = () => {
        const caller = { resolve: query.resolve, reject: query.reject };
        const answer = (tx: Db) =>
          new Promise((done, failed) => {
            // the caller is answered after the commit; a cursor puts another caller there for each of its pages
            answerThrough(query, 'resolve', done, caller);
            answerThrough(query, 'reject', failed, caller);
            (tx`` as unknown as Query).handler(query);
          });
        void begin(answer).then(
          (rows) => caller.resolve(rows),
          (reason: unknown) => caller.reject(reason),
        );
      };
    return query;
  };
  const wrapped = new Proxy(connection, {
    apply: (target, self, words) => inside(Reflect.apply(target as never, self, words)),
    get(target, name) {
      if (name === 'begin') return begin;
      if (name === 'unsafe') return (...words: [string]) => inside(target.unsafe(...words));
      return Reflect.get(target, name) as unknown;
    },
  });
  raw.set(wrapped, connection);
  return wrapped;
}

/**
 * The pool without a session of its own: for statements that do nothing but call one entry function, which sets the path itself, so that
 * recording costs no transaction around it; and for those that no transaction may hold, as `create database`.
 */
export function withoutOwnSession(connection: Connection): Connection {
  return raw.get(connection) ?? connection;
}

/** Runs `work` on a transaction of the application's under our search path, and gives the application's back. */
export async function underOwnPath<T>(tx: Db, work: (tx: Db) => Promise<T>): Promise<T> {
  const [{ path }] = (await tx`select pg_catalog.current_setting('search_path') as path`) as unknown as [
    { path: string },
  ];
  await tx`select pg_catalog.set_config('search_path', 'pg_catalog, subctl, pg_temp', true)`;
  const found = await work(tx); // where it fails the transaction is over, and its path with it
  await tx`select pg_catalog.set_config('search_path', ${path}, true)`;
  return found;
}

/** What reads `query[key]`, the driver, gets `own`; what is written there is kept in `caller`. */
function answerThrough(
  query: Query,
  key: 'resolve' | 'reject',
  own: (value: unknown) => void,
  caller: Pick<Query, 'resolve' | 'reject'>,
): void {
  void Object.defineProperty(query, key, {
    configurable: true,
    get: () => own,
    set: (next: Query['resolve']) => void (caller[key] = next),
  });
}

function isQuery(value: unknown): value is Query {
  return typeof (value as { handler?: unknown } | undefined)?.handler === 'function';
}
