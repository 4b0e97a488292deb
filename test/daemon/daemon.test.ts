import { afterEach, beforeEach, expect, test } from 'vitest';
import { effectiveTimetable } from '../../src/scheduler/effective.ts';
import { testDatabase } from '../support/database.ts';
import { effects, play, type Played, type Playing, build, said, until } from './fixture.ts';

const { sql, url } = await testDatabase();
const playing: Played[] = [];
const start = (more: Partial<Playing> = {}) => {
  const played = play({ url, ...more });
  playing.push(played);
  return played;
};

/** The timetable is that of the test's own daemon: a statement of the one before may still have been on its way when that was stopped. */
const placed = () =>
  until(async () => {
    const first = new Date('2026-01-01T01:00:00Z');
    expect(
      await sql`select 1 from subctl.jobs where task = 'reset-credits' and next_due = ${first}`,
    ).toHaveLength(1);
  });

beforeEach(async () => {
  await sql`delete from subctl.job_runs`;
  await sql`delete from subctl.jobs`;
});
afterEach(async () => {
  await Promise.all(playing.splice(0).map((each) => each.stop()));
});

test('J3, defect 7: what falls due is run once, at its instant, and nothing before it', async () => {
  const time = { now: '2026-01-01T00:30:00Z' };
  start({ time });
  await placed();
  time.now = '2026-01-01T00:59:59Z';
  await until(async () => expect(await sql`select 1 from subctl.daemons`).toHaveLength(1));
  expect(await sql`select 1 from subctl.job_runs`).toEqual([]);
  time.now = '2026-01-01T02:00:00Z';
  await until(async () => {
    expect(await effects(sql, 'handle-renewals')).toEqual(['2026-01-01T02:00']);
    expect(await effects(sql, 'check-expired')).toEqual(['2026-01-01T01:00']);
    expect(await effects(sql, 'reset-credits')).toEqual(['2026-01-01T01:00']);
  });
  expect(
    await sql`select distinct trigger, actor, late from subctl.job_runs where task = 'handle-renewals'`,
  ).toEqual([{ trigger: 'daemon', actor: 'tester', late: false }]);
});

test('R43, J7, defects 7 8: after an outage of weeks each task is made up by one run, reported as late, and none is lost', async () => {
  const before = start();
  await placed();
  await before.stop();
  start({ time: { now: '2026-01-20T12:30:00Z' } });
  await until(async () => {
    expect(await effects(sql, 'reset-monthly-usage')).toEqual(['2026-01-02T00:00']);
    expect(await effects(sql, 'prune')).toEqual(['2026-01-01T04:00']);
  });
  const runs = await sql`select late, as_of from subctl.job_runs where task = 'prune'`;
  expect(runs).toEqual([{ late: true, as_of: new Date('2026-01-20T12:30:00Z') }]);
  const [job] = await sql`select next_due from subctl.jobs where task = 'prune'`;
  expect(job).toEqual({ next_due: new Date('2026-01-21T04:00:00Z') });
});

test('J6, defect 9: of five daemons one runs each instant', async () => {
  const time = { now: '2026-01-01T00:30:00Z' };
  for (let at = 0; at < 5; at++) start({ time });
  await until(async () => expect(await sql`select 1 from subctl.daemons`).toHaveLength(5));
  for (const hour of ['01', '02', '03', '04', '05']) {
    time.now = `2026-01-01T${hour}:00:00Z`;
    await until(async () => expect(await effects(sql, 'reset-credits')).toContain(`2026-01-01T${hour}:00`));
  }
  await until(async () => expect(await effects(sql, 'prune')).toEqual(['2026-01-01T04:00']));
  expect(await effects(sql, 'reset-credits')).toEqual(
    ['01', '02', '03', '04', '05'].map((hour) => `2026-01-01T${hour}:00`),
  );
});

test('no more tasks are at work at once than it was told', async () => {
  const time = { now: '2026-01-01T00:30:00Z' };
  const { lines } = start({ time, concurrency: 2 });
  await placed();
  let most = 0;
  await sql.begin(async (tx) => {
    await tx`lock table subctl.job_runs in share row exclusive mode`; // runs wait here for their row
    time.now = '2026-01-02T12:00:00Z';
    await until(async () => {
      const waits =
        await tx`select 1 from pg_locks where relation = 'subctl.job_runs'::regclass and not granted`;
      most = Math.max(most, waits.length);
      expect(waits).toHaveLength(2);
    });
    for (let round = 0; round < 10; round++) {
      await tx`select pg_sleep(0.02)`;
      most = Math.max(
        most,
        (await tx`select 1 from pg_locks where relation = 'subctl.job_runs'::regclass and not granted`)
          .length,
      );
    }
  });
  expect(most).toBe(2);
  await until(async () => expect(await effects(sql, 'prune')).toHaveLength(1));
  said(lines, /^prune: done$/);
});

test('J8, defect 14: a task that fails is tried again, less and less often, and its instant is done when it can be', async () => {
  await sql.unsafe('alter function subctl_internal.expire_subscriptions rename to away');
  await sql.unsafe('alter function subctl_internal.due_expiries rename to due_away');
  try {
    const time = { now: '2026-01-01T00:30:00Z' };
    const { lines } = start({ time, leaseMs: 1_000 });
    await placed();
    time.now = '2026-01-01T01:10:00Z';
    await until(async () =>
      expect(
        (await sql`select 1 from subctl.job_runs where task = 'check-expired' and outcome = 'failed'`).length,
      ).toBe(3),
    );
    const gaps = await sql<{ ms: number }[]>`
      select extract(epoch from started_at - lag(finished_at) over (order by sequence))::float8 * 1000 as ms
        from subctl.job_runs where task = 'check-expired' and sequence <= 3 order by sequence offset 1`;
    expect(gaps[0]!.ms).toBeGreaterThanOrEqual(250);
    expect(gaps[1]!.ms).toBeGreaterThanOrEqual(500);
    said(lines, /^check-expired: failed$/);
  } finally {
    await sql.unsafe('alter function subctl_internal.away rename to expire_subscriptions');
    await sql.unsafe('alter function subctl_internal.due_away rename to due_expiries');
  }
  await until(async () => expect(await effects(sql, 'check-expired')).toEqual(['2026-01-01T01:00']));
  expect(await sql`select failures from subctl.jobs where task = 'check-expired'`).toEqual([{ failures: 0 }]);
});

test('a task that is paused, or that the settings switch off, is left alone', async () => {
  const time = { now: '2026-01-01T00:30:00Z' };
  const off = { task: 'prune', field: 'enabled', value: 'off', source: 'a test' } as const;
  const timetable = effectiveTimetable([off]);
  start({ time, configuration: { database: { url, home: '/nonexistent' }, timetable } });
  await placed();
  await sql`update subctl.jobs set enabled = false where task = 'check-expired'`;
  time.now = '2026-01-01T06:00:00Z';
  await until(async () => expect(await effects(sql, 'handle-renewals')).toHaveLength(1));
  await until(async () => expect(await effects(sql, 'reset-credits')).toHaveLength(1));
  expect(await effects(sql, 'check-expired')).toEqual([]);
  expect(await effects(sql, 'prune')).toEqual([]);
});

test('a database that is not set up, or not for this program, is told at the start', async () => {
  const old = { ...build, program: '0.0.1' };
  await sql`update subctl.settings set value = jsonb_set(value, '{oldest_program}', '"0.1.0"') where key = 'schema'`;
  await expect(start({ build: old }).daemon.ended).rejects.toMatchObject({ kind: 'config' });
  playing.length = 0;
});
