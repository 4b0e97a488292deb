import { beforeAll, expect, test } from 'vitest';
import { claimRun } from '../../src/tasks/claim.ts';
import { checkExpired } from '../../src/tasks/check-expired.ts';
import { listRuns } from '../../src/tasks/list-runs.ts';
import { renewals } from '../../src/tasks/renewals.ts';
import { resetCredits } from '../../src/tasks/reset-credits.ts';
import { resetMonthlyUsage } from '../../src/tasks/reset-monthly-usage.ts';
import type { RunRequest } from '../../src/tasks/run-task.ts';
import { testDatabase } from '../support/database.ts';
import { prepareCatalogue, run, stateOf, subscribe, use } from './fixture.ts';

const { sql } = await testDatabase();
const begin = '2026-01-10T09:00:00Z';
const due = '2026-02-10T09:00:00Z';
const inPages: Partial<RunRequest> = { ask: {} };

beforeAll(() => prepareCatalogue(sql));

const named = (prefix: string, count: number) => Array.from({ length: count }, (_, n) => `${prefix}${n}`);
const tokenOf = async (task: string) => {
  const run = await claimRun(sql, {
    task,
    now: new Date(due),
    mode: 'named',
    trigger: 'test',
    actor: 'tester',
  });
  return run!.token;
};
/** Arguments of a page of everybody but `aside`, from the beginning. */
const page = (token: string, size: number, aside: string[] = []) => sql`
  row(${due}, 'page', ${token}, ${size}, ${aside}::text[], 'latest', '-infinity', '')::subctl.page_request`;
const giveBack = (task: string) =>
  sql`update subctl.jobs set lease_until = null, lease_owner = null where task = ${task}`;

test.each([
  ['renew_page', 'handle-renewals'],
  ['renew_billed_page', 'handle-renewals'],
  ['close_page', 'reset-monthly-usage'],
  ['reset_page', 'reset-credits'],
  ['expire_page', 'check-expired'],
])('R42: %s writes nothing when another run has taken over', async (name, task) => {
  await subscribe(sql, [`lost-${name}`], name === 'expire_page' ? 'term' : 'pro', begin);
  await use(sql, `lost-${name}`, '2026-01-31T23:30:00Z');
  if (name === 'renew_billed_page')
    await sql`update subctl.subscriptions set collection = 'invoice', price = 5 where customer_id = 'lost-renew_billed_page'`;
  const token = await tokenOf(task);
  await giveBack(task);
  const before = await stateOf(sql);
  const call = (held: string) => sql`select done, stop from subctl_internal.${sql(name)}(${page(held, 10)})`;
  expect(await call(String(Number(token) - 1))).toMatchObject([{ done: 0, stop: null }]);
  expect(await stateOf(sql)).toEqual(before);
  const [held] = await call(token);
  await giveBack(task);
  expect(held).toMatchObject({ stop: false });
  expect(held!['done']).toBeGreaterThan(0);
});

test('R38 R31 R34a: a page of renewals leaves what has seats, a plan, a term or free periods to come', async () => {
  const ids = named('odd', 6);
  await subscribe(sql, ids, 'pro', begin);
  const odd = [
    'pending_quantity = 2',
    "pending_plan_id = 'term', pending_version = 1",
    "ends_at = '2026-05-10T09:00Z'",
    'complimentary_periods = 1',
    'cancel_at_period_end = true',
    "current_period_end = '2026-02-10T08:00Z'", // off the anchor's periods
  ];
  for (const [n, change] of odd.entries())
    await sql.unsafe(`update subctl.subscriptions set ${change} where customer_id = 'odd${n}'`);
  const token = await tokenOf('handle-renewals');
  const others = await sql<
    { id: string }[]
  >`select id from subctl.customers where id <> all (${ids}::text[])`;
  const aside = others.map(({ id }) => id);
  const [row] = await sql`select done, left_over from subctl_internal.renew_page(${page(token, 10, aside)})`;
  expect(row).toEqual({ done: 0, left_over: ['odd5'] });
  await giveBack('handle-renewals');
});

test('R35 R37 R38: a page of billed renewals leaves who owes, who pauses, and who would be charged too often', async () => {
  const ids = named('bill', 7);
  await subscribe(sql, ids, 'pro', begin);
  await sql`update subctl.subscriptions set collection = 'invoice', price = 5 where customer_id = any (${ids}::text[])`;
  const odd = [
    'pending_quantity = 2',
    "pending_plan_id = 'term', pending_version = 1",
    "ends_at = '2026-05-10T09:00Z'",
    'cancel_at_period_end = true',
    "collection = 'stripe', stripe_subscription_id = 'sub_1'",
  ];
  for (const [n, change] of odd.entries())
    await sql.unsafe(`update subctl.subscriptions set ${change} where customer_id = 'bill${n}'`);
  await sql`
    insert into subctl.invoices (customer_id, id, number, source_key, subscription_id, plan_id, every, status, currency, total, period_start, period_end, issued_at, due_at)
    select customer_id, gen_random_uuid(), 'X-0001', 'x', id, plan_id, every, 'open', 'USD', 5, ${begin}, ${due}, ${begin}, ${due}
      from subctl.subscriptions where customer_id = 'bill5'`;
  const token = await tokenOf('handle-renewals');
  const others = await sql<
    { id: string }[]
  >`select id from subctl.customers where id <> all (${ids}::text[])`;
  const aside = others.map(({ id }) => id);
  const far = new Date('2031-01-01T00:00:00Z');
  const [late] = await sql`
    select done, array(select unnest(left_over) order by 1) as left_over from subctl_internal.renew_billed_page(row(${far}, 'far', ${token}, 10, ${aside}::text[], 'all', '-infinity', '')::subctl.page_request)`;
  expect(late).toEqual({ done: 0, left_over: ['bill0', 'bill1', 'bill2', 'bill5', 'bill6'] });
  const [row] =
    await sql`select done, array(select unnest(left_over) order by 1) as left_over from subctl_internal.renew_billed_page(${page(token, 10, aside)})`;
  expect(row).toEqual({ done: 1, left_over: ['bill0', 'bill1', 'bill2', 'bill5'] });
  const bills = await sql`
    select customer_id as id, total::text, status, (select count(*)::int from subctl.invoice_lines l where l.customer_id = i.customer_id) as lines
      from subctl.invoices i where customer_id = any (${ids}::text[]) and source_key <> 'x'`;
  expect(bills).toEqual([{ id: 'bill6', total: '5.00', status: 'open', lines: 1 }]);
  await giveBack('handle-renewals');
});

test('a page skips what somebody else holds, and waits for nothing', async () => {
  const ids = named('held', 3);
  await subscribe(sql, ids, 'pro', begin);
  for (const id of ids) await use(sql, id, '2026-01-31T23:30:00Z');
  await sql.begin(async (tx) => {
    await tx`select subctl_internal.lock_subscriptions(array['held1'])`;
    for (const [task, name] of [
      ['reset-monthly-usage', 'close_page'],
      ['handle-renewals', 'renew_page'],
    ] as const) {
      const token = await tokenOf(task);
      await sql`select subctl_internal.${sql(name)}(${page(token, 1000)})`;
      await giveBack(task);
    }
  });
  const rows = await sql`
    select s.customer_id as id, s.current_period_end > ${due} as renewed, cardinality(u.ids) = 0 as closed
      from subctl.subscriptions s join subctl.customer_windows u on u.customer_id = s.customer_id where s.customer_id like 'held_' order by 1`;
  expect(rows.map((row) => [row['id'], row['renewed'], row['closed']])).toEqual([
    ['held0', true, true],
    ['held1', false, false],
    ['held2', true, true],
  ]);
});

test('renewals lock no usage: a use is recorded while a page of them is not committed', async () => {
  await subscribe(sql, ['meanwhile'], 'pro', begin);
  await use(sql, 'meanwhile', '2026-01-31T23:30:00Z');
  const token = await tokenOf('handle-renewals');
  await sql.begin(async (tx) => {
    const [renewed] = await tx`select done from subctl_internal.renew_page(${page(token, 1000)})`;
    expect(renewed!['done']).toBeGreaterThan(0);
    const [row] = await sql`
      select subctl.record_usage(customer => 'meanwhile', kind => 'message', as_of => '2026-02-10T10:00Z')->'limits'->0->>'used' as used`;
    expect(row).toEqual({ used: '1' });
  });
  const [row] = await sql`
    select subctl.record_usage(customer => 'meanwhile', kind => 'message', as_of => '2026-02-10T12:00Z')->'limits'->0->>'used' as used`;
  expect(row).toEqual({ used: '2' });
  await giveBack('handle-renewals');
});

test('R41: one row that breaks its page is parked with its reason, and pages go on with the others', async () => {
  const ids = named('bad', 30);
  await subscribe(sql, ids, 'pro', begin);
  await sql.unsafe(
    `alter table subctl.renewals add constraint poison check (customer_id <> 'bad7') not valid`,
  );
  const report = await run(sql, renewals, due, { ask: { pageSize: 4 } });
  expect(report).toMatchObject({ parked: 1, skipped: 0 });
  expect(await sql`select customer_id as id from subctl.parked`).toEqual([{ id: 'bad7' }]);
  const left = await sql`
    select customer_id as id from subctl.subscriptions where customer_id like 'bad%' and current_period_end <= ${due}`;
  expect(left).toEqual([{ id: 'bad7' }]);
  // it waits for its next try, and no page touches it meanwhile
  await sql`alter table subctl.renewals drop constraint poison`;
  expect(await run(sql, renewals, due, inPages)).toMatchObject({ done: 0, skipped: 1, parked: 0 });
  expect(await run(sql, renewals, '2026-02-10T10:00Z', inPages)).toMatchObject({ done: 1, parked: 0 });
  expect(await sql`select 1 from subctl.parked`).toEqual([]);
});

test('a page goes on behind the row with which the page before ended, due at the same instant or not', async () => {
  const ids = named('tie', 5);
  await subscribe(sql, ids, 'pro', '2026-01-20T09:00:00Z');
  const others = await sql<
    { id: string }[]
  >`select id from subctl.customers where id <> all (${ids}::text[])`;
  const token = await tokenOf('handle-renewals');
  const found: unknown[] = [];
  for (let after = ['-infinity', '']; after.length > 0;) {
    const [row] = await sql`
      select done, last_due::text as due, last_customer as customer
        from subctl_internal.renew_page(row('2026-02-20T09:00:00Z', 'tie', ${token}, 2, ${others.map(({ id }) => id)}::text[], 'latest',
               ${after[0]!}, ${after[1]!})::subctl.page_request)`;
    found.push([row!['done'], row!['customer']]);
    after = row!['due'] === null ? [] : [row!['due'] as string, row!['customer'] as string];
  }
  expect(found).toEqual([
    [2, 'tie1'],
    [2, 'tie3'],
    [1, 'tie4'],
    [0, null],
  ]);
  await giveBack('handle-renewals');
});

test('R36: several missed periods are renewed page after page', async () => {
  await subscribe(sql, ['missed'], 'pro', '2026-01-31T12:00Z');
  await run(sql, renewals, '2026-06-01T00:00Z', { ask: { pageSize: 2 } });
  const rows = await sql`select period_start from subctl.renewals where customer_id = 'missed' order by 1`;
  expect(rows.map((row) => (row['period_start'] as Date).toISOString().slice(0, 10))).toEqual([
    '2026-02-28',
    '2026-03-31',
    '2026-04-30',
    '2026-05-31',
  ]);
});

test('a run in pages has one change, and none where it did nothing', async () => {
  await subscribe(sql, named('change', 5), 'term', begin);
  for (const task of [resetMonthlyUsage, resetCredits, checkExpired])
    await run(sql, task, due, { ask: { pageSize: 2 } });
  const [latest] = await listRuns(sql, { task: checkExpired.name, count: 1 });
  const changes = await sql`
    select distinct change_id as id from subctl.subscriptions where customer_id like 'change_'`;
  expect(changes).toEqual([{ id: latest!.change_id }]);
  await run(sql, checkExpired, due, inPages);
  expect(await listRuns(sql, { task: checkExpired.name, count: 1 })).toMatchObject([
    { outcome: 'done', done: 0, change_id: null },
  ]);
});
