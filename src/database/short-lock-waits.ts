import { setTimeout as pause } from 'node:timers/promises';
import { Failure } from '../domain/failure.ts';
import type { Connection, Db } from './connect.ts';
import { sqlStateOf } from './server-error.ts';

/** How long one wait for a lock may last: whoever comes meanwhile waits behind it. Shorter than the second after which deadlocks are looked for. */
const waitMs = 500;
/** How long the others then have for themselves. */
const restMs = 500;
/** How long it is tried in all. */
const timeoutMs = 60_000;

export interface LockTimeout {
  timeoutMs?: number;
}

/** Lets each wait for a lock of this transaction be short, unless the session's own limit is shorter. */
export async function limitLockWaits(tx: Db): Promise<void> {
  await tx`
    select pg_catalog.set_config('lock_timeout', ${`${waitMs}ms`}, true)
     where current_setting('lock_timeout') = '0' or current_setting('lock_timeout')::interval > ${`${waitMs}ms`}::interval`;
}

/**
 * Runs `work`, a whole transaction that waits briefly, again and again until it gets its locks: what waits for the lock of a whole table
 * stops everybody who comes after, so that one long report would stop all recording. Between the tries they go on.
 * @throws Failure conflict where it gets none in time; it names who holds them, and nothing was done
 */
export async function withShortLockWaits<T>(
  connection: Connection,
  work: () => Promise<T>,
  { timeoutMs: most = timeoutMs }: LockTimeout = {},
): Promise<T> {
  for (let left = Math.ceil(most / (waitMs + restMs)); ; left--) {
    try {
      return await work();
    } catch (error) {
      if (sqlStateOf(error) !== '55P03') throw error;
      if (left <= 1) throw await lockConflict(connection, most, error);
      await pause(restMs);
    }
  }
}

async function lockConflict(connection: Connection, ms: number, cause: unknown): Promise<Failure> {
  const holders = await findHolders(connection);
  const who = holders.map(({ pid, user, application, seconds }) =>
    [`session ${pid} of ${user ?? 'another user'}`, application && `(${application})`, `since ${seconds} s`]
      .filter(Boolean)
      .join(' '),
  );
  return new Failure(
    'conflict',
    `The schema was not changed: other transactions have kept its tables locked for about ${Math.ceil(ms / 1000)} seconds${who.length > 0 ? `: ${who.join(', ')}` : ''}`,
    { hint: 'wait until they have ended, or end them, and run it again; all else goes on meanwhile', cause },
  );
}

/** The oldest transactions that hold locks on tables of the schema. */
async function findHolders(connection: Connection) {
  return connection<{ pid: number; user: string | null; application: string | null; seconds: number }[]>`
    select a.pid, a.usename as user, nullif(a.application_name, '') as application,
           extract(epoch from clock_timestamp() - a.xact_start)::int as seconds
      from pg_catalog.pg_stat_activity a
     where a.pid <> pg_backend_pid() and a.datname = current_database() and exists (
       select 1 from pg_catalog.pg_locks l join pg_catalog.pg_class c on c.oid = l.relation
        where l.pid = a.pid and l.granted and c.relnamespace = 'subctl'::regnamespace)
     order by a.xact_start limit 3`;
}
