import { beforeAll, expect, test } from 'vitest';
import { checkExpired } from '../../src/tasks/check-expired.ts';
import { claimRun } from '../../src/tasks/claim.ts';
import { renewals as handleRenewals } from '../../src/tasks/renewals.ts';
import { listRuns } from '../../src/tasks/list-runs.ts';
import { openFencedWriter } from '../../src/tasks/fenced-writer.ts';
import { taskOfRows } from '../../src/tasks/work.ts';
import { testDatabase } from '../support/database.ts';
import { prepareCatalogue, run, subscribe } from './fixture.ts';

const { sql } = await testDatabase();
const due = '2026-02-10T09:00:00Z';
const dayLater = '2026-02-11T09:00:00Z';

beforeAll(async () => {
  await prepareCatalogue(sql);
});

/** From now on this customer's subscription can be neither renewed nor ended: its row breaks a constraint. */
async function poison(id: string): Promise<void> {
  await sql.unsafe(
    `alter table subctl.subscriptions add constraint poison_${id} check (customer_id <> '${id}' or (status = 'active' and current_period_end < '2026-02-11'))`,
  );
}

const heal = (id: string) => sql.unsafe(`alter table subctl.subscriptions drop constraint poison_${id}`);
const parkedOf = (id: string) =>
  sql`select attempts, reason, last_error, next_try_at, payload from subctl.parked where customer_id = ${id}`;

test('J14, R41: one row that breaks is parked with its reason, all others of its page are done, and the run is incomplete', async () => {
  const ids = Array.from({ length: 40 }, (_, n) => `park${n}`);
  await subscribe(sql, ids, 'term', '2026-01-10T09:00Z');
  await poison('park7');
  const report = await run(sql, checkExpired, due);
  expect(report).toMatchObject({ done: 39, skipped: 0, parked: 1 });
  expect(report!.rows.map(({ customer }) => customer)).not.toContain('park7');
  expect(await parkedOf('park7')).toMatchObject([
    {
      attempts: 1,
      reason: 'usage',
      last_error: expect.stringMatching(/poison_park7/) as string,
      next_try_at: new Date('2026-02-10T09:15:00Z'),
      payload: { action: 'expire', due_at: '2026-02-10T09:00:00.000Z' },
    },
  ]);
  expect(await listRuns(sql, { task: checkExpired.name, count: 1 })).toMatchObject([
    { outcome: 'incomplete', done: 39, parked: 1 },
  ]);
});

test('R41: a parked row waits for its next try, each pause longer than the last, and after the eighth attempt for a person', async () => {
  await subscribe(sql, ['wait'], 'term', '2026-01-10T09:00Z');
  await poison('wait');
  const ask = { customer: 'wait' };
  expect(await run(sql, checkExpired, due, { ask })).toMatchObject({ parked: 1 });
  expect(await run(sql, checkExpired, '2026-02-10T09:14:59Z', { ask })).toMatchObject({
    done: 0,
    skipped: 1,
    parked: 0,
  });
  const pauses: number[] = [];
  let at: Date | null = new Date('2026-02-10T09:15:00Z');
  for (let attempt = 2; at; attempt++) {
    expect(await run(sql, checkExpired, at.toISOString(), { ask })).toMatchObject({ skipped: 0, parked: 1 });
    const [row] = await parkedOf('wait');
    expect(row).toMatchObject({ attempts: attempt });
    const next: Date | null = row!['next_try_at'] as Date | null;
    if (next) pauses.push((next.getTime() - at.getTime()) / 60_000);
    at = next;
  }
  expect(pauses).toEqual([60, 240, 960, 1_440, 1_440, 1_440]);
  expect(await parkedOf('wait')).toMatchObject([{ attempts: 8, next_try_at: null }]);
});

test('R41: what was mended is done at its next try, and is parked no more', async () => {
  await subscribe(sql, ['mend'], 'term', '2026-01-10T09:00Z');
  await poison('mend');
  await run(sql, checkExpired, due, { ask: { customer: 'mend' } });
  await heal('mend');
  expect(await run(sql, checkExpired, dayLater, { ask: { customer: 'mend' } })).toMatchObject({
    done: 1,
    parked: 0,
  });
  expect(await parkedOf('mend')).toEqual([]);
});

test('J14: parked rows never fill a page so that those behind them starve', async () => {
  const bad = Array.from({ length: 12 }, (_, n) => `bad${n}`);
  const good = Array.from({ length: 9 }, (_, n) => `good${n}`);
  await subscribe(sql, bad, 'term', '2026-01-01T00:00Z'); // due first
  await subscribe(sql, good, 'term', '2026-01-10T09:00Z');
  for (const id of bad) await poison(id);
  expect(await run(sql, checkExpired, due, { ask: { pageSize: 4 } })).toMatchObject({ done: 9, parked: 12 });
  expect(await run(sql, checkExpired, due, { ask: { pageSize: 4 } })).toMatchObject({ done: 0, parked: 0 });
});

test('R36: many missed periods are written one after the other in one run', async () => {
  await subscribe(sql, ['missed'], 'pro', '2026-01-31T12:00Z');
  expect(
    await run(sql, handleRenewals, '2026-06-01T00:00Z', { ask: { customer: 'missed', keepRows: true } }),
  ).toMatchObject({ done: 4 });
  const rows = await sql`select period_start from subctl.renewals where customer_id = 'missed' order by 1`;
  expect(rows.map((row) => (row['period_start'] as Date).toISOString())).toEqual([
    '2026-02-28T12:00:00.000Z',
    '2026-03-31T12:00:00.000Z',
    '2026-04-30T12:00:00.000Z',
    '2026-05-31T12:00:00.000Z',
  ]);
});

test('--limit does that many rows and leaves the rest to the next run; --customer does one', async () => {
  const ids = ['lim1', 'lim2', 'lim3', 'lim4', 'lim5'];
  await subscribe(sql, ids, 'term', '2026-01-10T09:00Z');
  const shown = await checkExpired.preview(sql, { asOf: new Date(due), limit: 2 });
  expect(shown).toHaveLength(2);
  expect(await run(sql, checkExpired, due, { ask: { limit: 2 } })).toMatchObject({ done: 2 });
  const left = await checkExpired.preview(sql, { asOf: new Date(due) });
  expect(left).toHaveLength(3);
  expect(await run(sql, checkExpired, due, { ask: { customer: left[0]!.customer } })).toMatchObject({
    done: 1,
  });
  expect(await run(sql, checkExpired, due)).toMatchObject({ done: 2 });
});

test('a run has one change, in which everything that it wrote is found; its pages share it', async () => {
  await subscribe(sql, ['one1', 'one2', 'one3'], 'term', '2026-01-10T09:00Z');
  await run(sql, checkExpired, due, { ask: { pageSize: 1 }, reason: 'because' });
  const [latest] = await listRuns(sql, { task: checkExpired.name, count: 1 });
  const changes =
    await sql`select distinct change_id as id from subctl.subscriptions where customer_id like 'one_'`;
  expect(changes).toMatchObject([{ id: latest!.change_id }]);
  expect(
    await sql`select actor, action, reason from subctl.changes where id = ${latest!.change_id}`,
  ).toMatchObject([{ actor: 'tester', action: 'check-expired', reason: 'because' }]);
});

test('what is not the fault of a row parks nothing: the run fails, keeps what it did, and its instant stays due', async () => {
  await subscribe(sql, ['sys1', 'sys2'], 'term', '2026-01-10T09:00Z');
  const [before] = await sql`select next_due, failures from subctl.jobs where task = 'check-expired'`;
  await sql`alter function subctl_internal.expire_subscriptions rename to expire_away`;
  await expect(run(sql, checkExpired, due)).rejects.toMatchObject({ kind: 'config' });
  await sql`alter function subctl_internal.expire_away rename to expire_subscriptions`;
  expect(await sql`select 1 from subctl.parked where customer_id like 'sys_'`).toEqual([]);
  const [after] =
    await sql`select next_due, failures, lease_owner from subctl.jobs where task = 'check-expired'`;
  expect(after).toEqual({
    next_due: before!['next_due'],
    failures: (before!['failures'] as number) + 1,
    lease_owner: null,
  });
  expect(await listRuns(sql, { task: checkExpired.name, count: 1, failed: true })).toMatchObject([
    { outcome: 'failed', error: expect.stringMatching(/expire_subscriptions/) as string },
  ]);
  expect(await run(sql, checkExpired, due)).toMatchObject({ done: 2 });
});

test('a statement that does nothing, or does what stays due, cannot keep a run going for ever', async () => {
  let calls = 0;
  const stubborn = (done: number) =>
    taskOfRows({
      name: 'check-expired',
      due: (
        db,
      ) => db`select c as customer, '' as subject, 'try' as action, 'it stays due' as reason, ${due}::timestamptz as due_at
                        from unnest('{a,b,c}'::text[]) c`,
      apply: () => ((calls += 1), Promise.resolve(done)),
    });
  expect(await run(sql, stubborn(0), due)).toMatchObject({ done: 0, skipped: 3 });
  expect(await run(sql, stubborn(3), due)).toMatchObject({ done: 3, skipped: 0 });
  expect(calls).toBe(2);
});

test('DESIGN §11: rows that others hold, five times over, are unavailable and not a conflict: exit 8 means another run', async () => {
  const task = taskOfRows({
    name: 'check-expired',
    due: (db) =>
      db`select 'a' as customer, '' as subject, 'try' as action, 'r' as reason, ${due}::timestamptz as due_at`,
    apply: (tx) => tx`do $$ begin raise exception 'deadlock' using errcode = '40P01'; end $$`.then(() => 0),
  });
  await expect(run(sql, task, due)).rejects.toMatchObject({ kind: 'unavailable' });
});

test('the stop flag in jobs stops a run after the batch in hand, where there are no signals', async () => {
  await subscribe(sql, ['flag1', 'flag2', 'flag3'], 'term', '2026-01-10T09:00Z');
  const claimed = await claimRun(sql, {
    task: 'check-expired',
    now: new Date(due),
    mode: 'named',
    trigger: 'test',
    actor: 'tester',
  });
  const change = { now: new Date(due), actor: 'tester', action: 'check-expired' };
  const batch = openFencedWriter(sql, claimed!, { change });
  await sql`update subctl.jobs set stop_requested = true where task = 'check-expired'`;
  expect(await checkExpired.run(sql, batch, { asOf: new Date(due), pageSize: 1 })).toMatchObject({
    done: 1,
    stopped: true,
  });
  await sql`update subctl.jobs set lease_until = null where task = 'check-expired'`;
  expect(await run(sql, checkExpired, due)).toMatchObject({ done: 2 });
});
