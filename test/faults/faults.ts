import { setTimeout as sleep } from 'node:timers/promises';
import { parseDatabaseUrl } from '../../src/database/address.ts';
import type { Connection } from '../../src/database/connect.ts';
import { withoutOwnSession } from '../../src/database/own-session.ts';
import { formatDatabaseUrl } from '../../src/database/url.ts';
import { subctl } from '../support/cli.ts';
import { start } from '../crash/stand.ts';
import type { Fault } from './play.ts';
import { killServer, type World } from './world.ts';

/** Has every write raise `code`, as the server does by itself: always, or the first `times` times. A sequence counts, which no rollback sets back. */
async function plant(
  sql: Connection,
  { code, message, times = 0 }: { code: string; message: string; times?: number },
): Promise<void> {
  const raw = withoutOwnSession(sql);
  await raw.unsafe(`
    create sequence public.faults;
    create function public.fault() returns trigger language plpgsql as $$ begin
      if ${times === 0 ? 'true' : `nextval('public.faults') <= ${times}`} then raise exception using errcode = '${code}', message = '${message}'; end if;
      return null; end $$;
    do $$ declare each text; begin
      for each in select c.oid::regclass::text from pg_class c where c.relnamespace = 'subctl'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition and c.relname not in ('jobs', 'job_runs') loop
        execute format('create trigger zz_fault before insert or update or delete on %s for each statement execute function public.fault()', each);
      end loop; end $$`);
}

async function uproot(sql: Connection): Promise<void> {
  await withoutOwnSession(sql).unsafe('drop function public.fault() cascade; drop sequence public.faults');
}

/** Holds all tables so that they can be read and not written, while `work` runs. */
async function whileHeld<T>(sql: Connection, work: () => Promise<T>): Promise<T> {
  const tables = await sql<{ name: string }[]>`
    select c.oid::regclass::text as name from pg_class c where c.relnamespace = 'subctl'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition`;
  let release: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  let isHeld: () => void = () => undefined;
  const begun = new Promise<void>((resolve) => (isHeld = resolve));
  const holding = sql.begin(async (tx) => {
    await tx.unsafe(`lock table ${tables.map(({ name }) => name).join(', ')} in exclusive mode`);
    isHeld();
    await held;
  });
  await Promise.race([begun, holding]);
  try {
    return await work();
  } finally {
    release();
    await holding.catch(() => undefined); // the server may have been killed under it
  }
}

const withOptions = (url: string, options: string): string =>
  formatDatabaseUrl({ ...parseDatabaseUrl(url), options }, { showPassword: true });

/** The processes of the server that wait for a lock in this database. */
async function waiters(sql: Connection): Promise<number[]> {
  for (;;) {
    const rows = await sql<
      { pid: number }[]
    >`select pid from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
    if (rows.length > 0) return rows.map(({ pid }) => pid);
    await sleep(20);
  }
}

/** Faults by name. A held command is one that waits for a lock, so that the fault comes while a statement runs. */
export function faultsIn(world: World): Record<string, Fault> {
  const run = (words: string[], env: Record<string, string>) => subctl(words, { env, cwd: world.cwd });
  const planted =
    (what: Parameters<typeof plant>[1]): Fault =>
    async ({ url, sql, words, env }) => {
      await plant(sql, what);
      return run(words, env(url)).finally(() => uproot(sql));
    };
  const timed =
    (options: string): Fault =>
    ({ url, sql, words, env }) =>
      whileHeld(sql, () => run(words, env(withOptions(url, options))));
  /** the program as a process of its own, while it waits */
  const signaled =
    (signal: (child: { kill(signal?: NodeJS.Signals): void }, sql: Connection) => Promise<void>): Fault =>
    ({ url, sql, words }) =>
      whileHeld(sql, async () => {
        const child = start(url, words, {}, world.cwd);
        await Promise.race([waiters(sql), child.ended]);
        await signal(child, sql);
        return child.ended;
      });
  return {
    'statement time-out (57014)': timed('-c statement_timeout=500ms'),
    'lock time-out (55P03)': timed('-c lock_timeout=300ms'),
    'serialization failure, once (40001)': planted({
      code: '40001',
      message: 'could not serialize access',
      times: 1,
    }),
    'serialization failure, each time (40001)': planted({
      code: '40001',
      message: 'could not serialize access',
    }),
    'deadlock, each time (40P01)': planted({ code: '40P01', message: 'deadlock detected' }),
    'disk of the server full (53100)': planted({
      code: '53100',
      message: 'could not extend file: No space left on device',
    }),
    'server out of memory (53200)': planted({ code: '53200', message: 'out of memory' }),
    'too many connections (53300)': async ({ url, sql, words, env }) => {
      await withoutOwnSession(sql).unsafe(
        `do $$ begin if to_regrole('crowded') is null then create role crowded login password 'x' connection limit 0; end if; end $$`,
      );
      return run(
        words,
        env(
          formatDatabaseUrl(
            { ...parseDatabaseUrl(url), user: 'crowded', password: 'x' },
            { showPassword: true },
          ),
        ),
      );
    },
    'an administrator ends the session (57P01)': signaled(async (_, sql) => {
      for (const pid of await waiters(sql)) await sql`select pg_terminate_backend(${pid})`;
    }),
    'the server is killed': async (on) => {
      const ended = await signaled(() => killServer(world.place))(on);
      // our own connections broke too: each of them says so once
      for (let n = 0; n < 4; n += 1) await on.sql`select 1`.catch(() => undefined);
      return ended;
    },
    'SIGTERM to the command': signaled(async (child) => child.kill('SIGTERM')),
    'SIGKILL to the command': signaled(async (child) => child.kill('SIGKILL')),
    'the clock jumps 14 years ahead': ({ url, words, env }) =>
      run(
        [
          ...words.filter((word, at) => word !== '--as-of' && words[at - 1] !== '--as-of'),
          '--as-of',
          '2040-12-31',
        ],
        env(url),
      ),
  };
}
