import { beforeAll, expect, it } from 'vitest';
import { cancelSubscription } from '../../src/subscriptions/cancel.ts';
import { pauseSubscription } from '../../src/subscriptions/pause.ts';
import { failedChecks } from '../integrity/failed-checks.ts';
import { asTester } from '../support/catalogue.ts';
import { testDatabase } from '../support/database.ts';
import { loadLadder } from '../support/plans.ts';
import { runTasks } from '../stories/lives.ts';
import { payers } from './payers.ts';

const { sql } = await testDatabase();
beforeAll(() => loadLadder(sql));
const { payer, pay, read, statuses, dues } = payers(sql, 'unpaid');

const use = async (customer: string, at: string) => {
  const [row] =
    await sql`select subctl.record_usage(${customer}, 'message', as_of => ${at}::timestamptz) as answer`;
  return row!['answer'].limits as { window: string; limit: string }[];
};

it('R16 R35: an unpaid invoice is past due, and its grace over, at instants that no task has a say in', async () => {
  const early = await payer();
  const late = await payer();
  const instants = [
    '2026-01-14T23:59:59Z',
    '2026-01-15T00:00:00Z',
    '2026-01-21T23:59:59Z',
    '2026-01-22T00:00:00Z',
    '2026-02-10T00:00:00Z',
  ];
  const seen: Record<string, unknown>[] = [];
  for (const at of instants) {
    await runTasks(sql, [early], new Date(at));
    const [written, unwritten] = [await read(early, at), await read(late, at)];
    // who wrote the fallback is all that differs
    expect({ ...unwritten, basis: 'any' }).toEqual({ ...written, basis: 'any' });
    seen.push(unwritten);
  }
  expect(seen.map(({ plan, status, access }) => ({ plan, status, access }))).toEqual([
    { plan: 'pro', status: 'active', access: true },
    { plan: 'pro', status: 'past_due', access: true },
    { plan: 'pro', status: 'past_due', access: true },
    { plan: 'free', status: 'active', access: true },
    { plan: 'free', status: 'active', access: true },
  ]);
  await runTasks(sql, [late], new Date('2026-03-01T00:00:00Z'));
  await runTasks(sql, [early], new Date('2026-03-01T00:00:00Z'));
  expect(await statuses(late)).toEqual(await statuses(early));
});

it('a use after the grace stands on the plan that the customer has fallen to, although nobody has written it', async () => {
  const id = await payer();
  expect(await use(id, '2026-01-21T00:00:00Z')).toContainEqual(
    expect.objectContaining({ window: 'month', limit: '100' }),
  );
  expect(await use(id, '2026-01-23T00:00:00Z')).toContainEqual(
    expect.objectContaining({ window: 'month', limit: '5' }),
  );
});

it('R34: a cancellation that comes before the grace is over is what ends it', async () => {
  const id = await payer();
  await sql`update subctl.invoices set due_at = '2026-01-30' where customer_id = ${id}`;
  await asTester(
    sql,
    (tx, change) => cancelSubscription(tx, change, { customer: id, atOnce: false }),
    new Date('2026-01-10T00:00:00Z'),
  );
  expect(await read(id, '2026-02-01T00:00:00Z')).toMatchObject({
    plan: 'free',
    since: new Date('2026-02-01T00:00:00Z'),
  });
  await runTasks(sql, [id], new Date('2026-03-01T00:00:00Z'));
  expect((await statuses(id)).map(({ status }) => status)).toEqual([
    'active',
    'past_due',
    'canceled',
    'active',
  ]);
});

it('what falls due after a period’s end lets the period be renewed first', async () => {
  const id = await payer();
  await sql`update subctl.invoices set due_at = '2026-02-03' where customer_id = ${id}`;
  await runTasks(sql, [id], new Date('2026-02-20T00:00:00Z'));
  const renewals = await sql`select period_start from subctl.renewals where customer_id = ${id}`;
  expect(renewals).toEqual([{ period_start: new Date('2026-02-01T00:00:00Z') }]);
  expect(await statuses(id)).toEqual([
    { at: new Date('2026-01-01T00:00:00Z'), status: 'active' },
    { at: new Date('2026-02-03T00:00:00Z'), status: 'past_due' },
    { at: new Date('2026-02-10T00:00:00Z'), status: 'expired' },
    { at: new Date('2026-02-10T00:00:00Z'), status: 'active' },
  ]);
});

it('R35: who pays late has the net days from then for the period that began meanwhile', async () => {
  const id = await payer();
  await sql`update subctl.invoices set due_at = '2026-01-30' where customer_id = ${id}`;
  await runTasks(sql, [id], new Date('2026-02-02T00:00:00Z'));
  await pay(id, '2026-02-04T00:00:00Z');
  expect(await dues(id)).toMatchObject([{}, { due_at: new Date('2026-02-18T00:00:00Z'), status: 'open' }]);
  expect(await read(id, '2026-02-17T00:00:00Z')).toMatchObject({ status: 'active', access: true });
});

it('R16 R34a: a pause that is over moves no window of the plan that the customer has fallen to, whoever writes it when', async () => {
  const id = await payer();
  await asTester(
    sql,
    (tx, change) =>
      pauseSubscription(tx, change, {
        customer: id,
        clock: 'stops',
        until: new Date('2026-01-20T00:00:00Z'),
      }),
    new Date('2026-01-05T00:00:00Z'),
  );
  expect(await read(id, '2026-02-05T00:00:00Z')).toMatchObject({ plan: 'free', basis: 'fallback' });
  await use(id, '2026-02-17T00:00:00Z');
  await runTasks(sql, [id], new Date('2026-02-18T00:00:00Z'));
  const limits = await use(id, '2026-02-20T00:00:00Z');
  expect(limits).toContainEqual(expect.objectContaining({ window: 'month', limit: '5', used: '2' }));
  const wrong = await failedChecks(sql, new Date('2026-02-21T00:00:00Z'));
  expect(wrong.filter(({ check }) => check.endsWith('windows'))).toEqual([]);
});

it('B17 R45: a window that is closed after a grace that nobody has written keeps the limit of the plan by then', async () => {
  const id = await payer();
  await use(id, '2026-01-23T00:00:00Z');
  await sql`select subctl_internal.close_windows('2026-02-03T00:00:00Z', array[${id}], 'test')`;
  const closed = await sql`
    select trim_scale(limit_value)::text as limit from subctl.window_usage where customer_id = ${id} and "window" = 'month'`;
  expect(closed).toEqual([{ limit: '5' }]);
  const wrong = await failedChecks(sql, new Date('2026-02-04T00:00:00Z'));
  expect(wrong.filter(({ check }) => check === 'closed windows')).toEqual([]);
});
