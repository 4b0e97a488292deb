import { afterAll, afterEach, beforeEach, expect, test } from 'vitest';
import { healthOf } from '../../src/daemon/readiness.ts';
import { effectiveTimetable } from '../../src/scheduler/effective.ts';
import { testDatabase } from '../support/database.ts';
import { openProxy } from '../support/proxy.ts';
import { doorOf, effects, play, type Played, type Playing, build, said, through, until } from './fixture.ts';

const { sql, url, name } = await testDatabase();
const proxy = await openProxy(doorOf(url));
const byProxy = {
  database: { url: through(proxy, url), home: '/nonexistent' },
  timetable: effectiveTimetable(),
};
const playing: Played[] = [];
const start = (more: Partial<Playing> = {}) => {
  const played = play({ url, configuration: byProxy, ...more });
  playing.push(played);
  return played;
};
const readyOf = ({ daemon }: Played) => healthOf(() => daemon, build).ready();

beforeEach(async () => {
  await sql`delete from subctl.job_runs`;
  await sql`delete from subctl.jobs`;
});
afterEach(async () => {
  proxy.stall(false);
  await proxy.take();
  await Promise.all(playing.splice(0).map((each) => each.stop()));
});
afterAll(() => proxy.close());

test('J3: an instant that falls due while the database is away is done when it is back, and health says so meanwhile', async () => {
  const time = { now: '2026-01-01T00:30:00Z' };
  const played = start({ time });
  await until(async () =>
    expect(await readyOf(played)).toMatchObject({ database: { ok: true }, tasks: { ok: true } }),
  );
  await proxy.refuse();
  await until(async () => {
    const { database, schema } = await readyOf(played);
    expect(database).toMatchObject({ ok: false, says: expect.stringMatching(/database/) as string });
    expect(schema!.ok).toBe(false);
  });
  expect(played.daemon.isAlive()).toBe(true);
  time.now = '2026-01-01T01:05:00Z';
  await until(() => said(played.lines, /^The database (cannot be reached|is not available)/));
  await proxy.take();
  await until(async () => expect(await effects(sql, 'check-expired')).toEqual(['2026-01-01T01:00']));
  said(played.lines, /^the database is back$/);
  const warned = played.lines.filter(
    ({ level, msg }) => level === 'warn' && /reached|available/.test(String(msg)),
  );
  expect(warned.length, 'the same trouble is told once').toBeLessThanOrEqual(2);
});

test('a daemon that starts before the database waits for it', async () => {
  await proxy.refuse();
  const played = start();
  await until(() => said(played.lines, /^The database cannot be reached/));
  await proxy.take();
  await until(() => said(played.lines, /^at work$/));
});

test('R42: a run whose network is cut in the middle is made up, by whoever comes, after its lease', async () => {
  const time = { now: '2026-01-01T00:30:00Z' };
  const first = start({ time, leaseMs: 1_000 });
  await until(() => said(first.lines, /^at work$/));
  await sql.begin(async (tx) => {
    await tx`lock table subctl.job_runs in share row exclusive mode`;
    time.now = '2026-01-01T01:00:00Z';
    await until(async () =>
      expect(
        await tx`select 1 from pg_locks where relation = 'subctl.job_runs'::regclass and not granted`,
      ).not.toEqual([]),
    );
    proxy.cut();
  });
  await until(async () => expect(await effects(sql, 'check-expired')).toEqual(['2026-01-01T01:00']));
});

test('R42: a network that swallows everything frees the task after a lease: its transaction ends, and another daemon does the instant', async () => {
  const time = { now: '2026-01-01T00:30:00Z' };
  await sql`insert into subctl.customers (id, created_at) values ('ann', '2026-01-01') on conflict do nothing`;
  const cutOff = start({ time, leaseMs: 1_000 });
  await until(() => said(cutOff.lines, /^at work$/));
  await sql.unsafe(
    `create function subctl.test_slow() returns trigger language plpgsql as 'begin perform pg_sleep(0.4); return new; end'`,
  );
  await sql.unsafe(
    'create trigger test_slow before insert on subctl.changes for each row execute function subctl.test_slow()',
  );
  try {
    // prune writes on its first run of a day: partitions are missing two years ahead
    time.now = '2026-02-01T04:30:00Z';
    await until(async () =>
      expect(
        await sql`select 1 from pg_stat_activity where datname = ${name} and query like '%subctl.changes%' and state = 'active' and pid <> pg_backend_pid()`,
      ).not.toEqual([]),
    );
    proxy.stall(true);
    // the heir comes first: who was cut off between the parts of a statement holds its locks until somebody ends it
    const heir = play({ url, time, leaseMs: 1_000 });
    playing.push(heir);
    await until(async () => {
      for (const task of [
        'reset-monthly-usage',
        'reset-credits',
        'check-expired',
        'handle-renewals',
        'prune',
      ])
        expect(await effects(sql, task)).toHaveLength(1);
    }, 30_000);
  } finally {
    await sql.unsafe('drop trigger test_slow on subctl.changes');
    await sql.unsafe('drop function subctl.test_slow()');
  }
  proxy.cut();
});

test('after a failover the old server is read-only: the daemon lets go of it, and works on when it may write again', async () => {
  const time = { now: '2026-01-01T00:30:00Z' };
  const played = start({ time });
  await until(() => said(played.lines, /^at work$/));
  await sql.unsafe(`alter database ${name} set default_transaction_read_only = on`);
  proxy.cut();
  await until(() => said(played.lines, /^The database is read-only now/));
  expect(await readyOf(played)).toMatchObject({
    database: { ok: false, says: expect.stringContaining('read-only') as string },
  });
  time.now = '2026-01-01T01:05:00Z';
  await sql.unsafe(`alter database ${name} reset default_transaction_read_only`);
  await until(async () => expect(await effects(sql, 'check-expired')).toEqual(['2026-01-01T01:00']));
});

test('a schema that becomes too new under it stops its work, not the process: it is not ready, and says why', async () => {
  const time = { now: '2026-01-01T00:30:00Z' };
  const played = start({ time });
  await until(() => said(played.lines, /^at work$/));
  const [{ value }] = await sql<[{ value: object }]>`select value from subctl.settings where key = 'schema'`;
  await sql`update subctl.settings set value = ${sql.json({ ...value, version: 9_999, program: '9.0.0', oldest_program: '9.0.0' })} where key = 'schema'`;
  proxy.cut();
  await until(async () =>
    expect(await readyOf(played)).toMatchObject({ database: { ok: true }, schema: { ok: false } }),
  );
  time.now = '2026-01-01T01:05:00Z';
  await until(() => expect(played.lines.some(({ kind }) => kind === 'config')).toBe(true));
  expect(await effects(sql, 'check-expired')).toEqual([]);
  await sql`update subctl.settings set value = ${sql.json(value as never)} where key = 'schema'`;
  await until(async () => expect(await effects(sql, 'check-expired')).toEqual(['2026-01-01T01:00']));
});

test('a task that is due for longer than its grace makes the daemon not ready', async () => {
  const time = { now: '2026-01-01T00:30:00Z' };
  const played = start({ time });
  await until(() => said(played.lines, /^at work$/));
  await sql`update subctl.jobs set lease_owner = 'another', lease_until = clock_timestamp() + interval '1 hour' where task = 'check-expired'`;
  time.now = '2026-01-01T20:00:00Z';
  await until(async () =>
    expect(await readyOf(played)).toMatchObject({
      database: { ok: true },
      tasks: { ok: false, says: 'check-expired has been due since 2026-01-01T01:00:00.000Z' },
    }),
  );
});
