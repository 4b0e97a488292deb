import { expect, test } from 'vitest';
import { subctl } from '../support/cli.ts';
import { testDatabase } from '../support/database.ts';
import { claimRun, type ClaimRequest } from '../../src/tasks/claim.ts';
import { finishRun } from '../../src/tasks/finish.ts';
import { keepLease } from '../../src/tasks/keep-lease.ts';
import { syncTaskStates, listDueTasks } from '../../src/tasks/task-states.ts';
import { effectiveTimetable } from '../../src/scheduler/effective.ts';
import { listRuns } from '../../src/tasks/list-runs.ts';
import { openFencedWriter } from '../../src/tasks/fenced-writer.ts';

const { sql, env } = await testDatabase();
const at = (text: string) => new Date(text);
const midnight = at('2026-01-01T00:00:00Z');
const ended = { outcome: 'done', done: 0, skipped: 0, parked: 0, changeId: null } as const;

const claim = (task: string, now: string, more: Partial<ClaimRequest> = {}) =>
  claimRun(sql, { task, now: at(now), mode: 'named', trigger: 'test', actor: 'tester', ...more });
const jobOf = async (task: string) => (await sql`select * from subctl.jobs where task = ${task}`)[0]!;
const makeDue = (task: string, due: string) =>
  sql`update subctl.jobs set next_due = ${due}, lease_until = null, enabled = true, catch_up = 'latest' where task = ${task}`;
const runOut = (task: string) =>
  sql`update subctl.jobs set lease_until = clock_timestamp() - interval '1 second' where task = ${task}`;

test('DESIGN §10: at setup every task is due at its first instant in the future, and a second setup changes nothing', async () => {
  await syncTaskStates(sql, midnight, effectiveTimetable());
  const first = await sql`select task, next_due, timezone from subctl.jobs order by task`;
  expect(first).toMatchObject([
    { task: 'check-expired', next_due: at('2026-01-01T01:00Z'), timezone: 'UTC' },
    { task: 'handle-renewals', next_due: at('2026-01-01T02:00Z') },
    { task: 'prune', next_due: at('2026-01-01T04:00Z') },
    { task: 'reset-credits', next_due: at('2026-01-01T01:00Z') },
    { task: 'reset-monthly-usage', next_due: at('2026-01-02T00:00Z') },
    { task: 'send-alerts', next_due: at('2026-01-01T00:05Z') },
    { task: 'stripe-reconcile', next_due: at('2026-01-01T03:00Z') },
  ]);
  await syncTaskStates(sql, at('2026-01-01T00:30Z'), effectiveTimetable());
  expect(await sql`select task, next_due, timezone from subctl.jobs order by task`).toEqual(first);
});

test('a task whose row is missing gets it back by being run', async () => {
  await sql`delete from subctl.jobs where task = 'prune'`;
  const run = await claim('prune', '2026-01-01T12:00Z');
  expect(run).toMatchObject({ isDue: false, sequence: 1, scheduledFor: at('2026-01-01T12:00Z') });
  await finishRun(sql, run!, at('2026-01-01T12:00Z'), ended);
  expect(await jobOf('prune')).toMatchObject({ next_due: at('2026-01-02T04:00Z') });
});

test('J1: a task asked for by name takes the instant that is due, or comes within five minutes, else it is an extra run', async () => {
  await makeDue('check-expired', '2026-01-05T01:00:00Z');
  const taken = await claim('check-expired', '2026-01-05T00:55:00Z');
  expect(taken).toMatchObject({
    isDue: true,
    scheduledFor: at('2026-01-05T01:00Z'),
    asOf: at('2026-01-05T00:55Z'),
  });
  await finishRun(sql, taken!, at('2026-01-05T00:55Z'), ended);
  expect(await jobOf('check-expired')).toMatchObject({
    next_due: at('2026-01-06T01:00Z'),
    lease_owner: null,
  });

  for (const sequence of [1, 2]) {
    const extra = await claim('check-expired', '2026-01-05T09:00Z');
    expect(extra).toMatchObject({ isDue: false, sequence, scheduledFor: at('2026-01-05T09:00Z') });
    await finishRun(sql, extra!, at('2026-01-05T09:00Z'), ended);
  }
  expect(await jobOf('check-expired')).toMatchObject({ next_due: at('2026-01-06T01:00Z') });
});

test('a run for a part (--customer, --limit) never stands for the due instant', async () => {
  await makeDue('check-expired', '2026-01-05T01:00:00Z');
  const run = await claim('check-expired', '2026-01-05T02:00Z', { partial: true });
  expect(run).toMatchObject({ isDue: false });
  await finishRun(sql, run!, at('2026-01-05T02:00Z'), ended);
  expect(await jobOf('check-expired')).toMatchObject({ next_due: at('2026-01-05T01:00Z') });
});

test('J6: while a run is at work another one is refused with exit 8, and is told who, since when and until when', async () => {
  await makeDue('reset-credits', '2026-01-05T01:00:00Z');
  const run = await claim('reset-credits', '2026-01-05T01:00Z');
  const { code, stdout, stderr } = await subctl(['reset-credits', '--as-of', '2026-01-05T01:00Z', '--json'], {
    env,
  });
  expect({ code, stdout }).toEqual({ code: 8, stdout: '' });
  expect(stderr).toMatch(
    /"code":"conflict","message":"Another run of reset-credits is at work: .* \(process \d+\) since 20\S+Z, its lease lasts until 20\S+Z/,
  );
  await finishRun(sql, run!, at('2026-01-05T01:00Z'), ended);
  expect((await subctl(['reset-credits', '--as-of', '2026-01-05T01:00Z'], { env })).code).toBe(0);
});

test('J6: of twenty that claim at once, one gets it', async () => {
  await makeDue('check-expired', '2026-01-05T01:00:00Z');
  const claims = await Promise.allSettled(
    Array.from({ length: 20 }, () => claim('check-expired', '2026-01-05T01:00Z')),
  );
  const won = claims.flatMap((one) => (one.status === 'fulfilled' && one.value ? [one.value] : []));
  expect(won).toHaveLength(1);
  await finishRun(sql, won[0]!, at('2026-01-05T01:00Z'), ended);
});

test('R42: a run whose lease ran out is taken over, its row says lost, and the zombie can neither write nor finish', async () => {
  await makeDue('check-expired', '2026-01-05T01:00:00Z');
  const zombie = (await claim('check-expired', '2026-01-05T01:00Z'))!;
  await runOut('check-expired');
  const heir = (await claim('check-expired', '2026-01-05T01:10Z'))!;
  expect(heir).toMatchObject({
    isDue: true,
    scheduledFor: zombie.scheduledFor,
    sequence: zombie.sequence + 1,
  });
  expect(BigInt(heir.token)).toBeGreaterThan(BigInt(zombie.token));

  const change = { now: midnight, actor: 'zombie', action: 'check-expired' };
  const write = openFencedWriter(sql, zombie, { change }).write(
    (tx) => tx`insert into subctl.settings (key, value) values ('zombie', '1')`,
  );
  await expect(write).rejects.toMatchObject({ kind: 'conflict' });
  await expect(finishRun(sql, zombie, midnight, ended)).rejects.toMatchObject({ kind: 'conflict' });
  expect(await sql`select 1 from subctl.settings where key = 'zombie'`).toEqual([]);
  expect(await sql`select 1 from subctl.changes where actor = 'zombie'`).toEqual([]);
  await finishRun(sql, heir, at('2026-01-05T01:10Z'), ended);
  expect(await listRuns(sql, { task: 'check-expired', count: 2 })).toMatchObject([
    { outcome: 'done', sequence: heir.sequence },
    { outcome: 'lost', error: expect.stringMatching(/lease/) as string },
  ]);
});

test('R42: nobody can take over while a batch is being written: the fence holds until its commit', async () => {
  await makeDue('check-expired', '2026-01-05T01:00:00Z');
  const run = (await claim('check-expired', '2026-01-05T01:00Z'))!;
  const order: string[] = [];
  let taking: Promise<unknown> = Promise.resolve();
  await openFencedWriter(sql, run, {
    change: { now: midnight, actor: 'slow', action: 'check-expired' },
  }).write(async (tx) => {
    await sql`select 1`;
    // somebody else believes that the lease is over (as if the clock had gone on) and waits for the row
    taking = sql`update subctl.jobs set lease_token = lease_token + 1 where task = 'check-expired'`.then(() =>
      order.push('taken'),
    );
    for (let waiting = false; !waiting;) {
      const [row] =
        await sql`select count(*)::int as n from pg_stat_activity where wait_event_type = 'Lock' and query like '%lease_token + 1%' and pid <> pg_backend_pid()`;
      waiting = (row!['n'] as number) > 0;
    }
    await tx`select 1`;
    order.push('committed');
  });
  await taking;
  expect(order).toEqual(['committed', 'taken']);
  await makeDue('check-expired', '2026-01-05T01:00:00Z');
});

test('the lease is renewed while the run lives', async () => {
  await makeDue('check-expired', '2026-01-05T01:00:00Z');
  const run = (await claim('check-expired', '2026-01-05T01:00Z'))!;
  await sql`update subctl.jobs set lease_until = clock_timestamp() + interval '1 second' where task = 'check-expired'`;
  const lease = keepLease(sql, run, { everyMs: 5 });
  for (let renewed = false; !renewed;) {
    const [row] =
      await sql`select lease_until > clock_timestamp() + interval '100 seconds' as renewed from subctl.jobs where task = 'check-expired'`;
    renewed = row!['renewed'] as boolean;
  }
  lease.stop();
  await finishRun(sql, run, at('2026-01-05T01:00Z'), ended);
});

test('a failed run leaves its instant due, and says so', async () => {
  await makeDue('check-expired', '2026-01-05T01:00:00Z');
  const run = (await claim('check-expired', '2026-01-05T01:00Z'))!;
  await finishRun(sql, run, at('2026-01-05T01:00Z'), { ...ended, outcome: 'failed', error: 'it broke' });
  expect(await jobOf('check-expired')).toMatchObject({ next_due: at('2026-01-05T01:00Z'), failures: 1 });
  expect((await listDueTasks(sql, at('2026-01-05T01:00Z'))).map(({ task }) => task)).toContain(
    'check-expired',
  );
  await finishRun(sql, (await claim('check-expired', '2026-01-05T01:05Z'))!, at('2026-01-05T01:05Z'), ended);
  expect(await jobOf('check-expired')).toMatchObject({ next_due: at('2026-01-06T01:00Z'), failures: 0 });
});
