import { beforeAll, expect, it } from 'vitest';
import { testDatabase } from '../support/database.ts';
import { addOne, assign, loadLadder } from '../support/plans.ts';

const { sql } = await testDatabase({ max: 20 });
beforeAll(() => loadLadder(sql));

it('S2: twenty assignments at once leave one live subscription, one first invoice and one grant', async () => {
  await addOne(sql, { id: 'ann' });
  const plans = ['pro', 'max', 'bare', 'carry'];
  const asked = Array.from({ length: 20 }, (_, at) => ({ customer: 'ann', plan: plans[at % plans.length]! }));
  const done = await Promise.allSettled(asked.map((one) => assign(sql, '2026-01-01T00:00:00Z', one)));
  expect(done.filter(({ status }) => status === 'rejected')).toEqual([]);
  const actions = done.map((one) => (one.status === 'fulfilled' ? one.value.action : ''));
  expect(actions.filter((action) => action === 'new')).toHaveLength(1);
  const [rows] = await sql`
    select count(*)::int as all, count(*) filter (where ended_at is null)::int as live from subctl.subscriptions where customer_id = 'ann'`;
  expect(rows).toEqual({ all: 1, live: 1 });
  const [invoices] = await sql`
    select count(*) filter (where source_key like 'sub:%')::int as first, count(distinct number) = count(*) as numbered
      from subctl.invoices where customer_id = 'ann'`;
  expect(invoices).toEqual({ first: 1, numbered: true });
  const [books] = await sql`
    select (select coalesce(sum(remaining), 0) from subctl.credit_grants where customer_id = 'ann') =
           (select coalesce(sum(amount), 0) from subctl.credit_entries where customer_id = 'ann') as even`;
  expect(books).toEqual({ even: true });
});

it('S2: the index is the last line: a second live row is refused by the database itself', async () => {
  await addOne(sql, { id: 'bob' });
  await assign(sql, '2026-01-01T00:00:00Z', { customer: 'bob', plan: 'pro' });
  const second = sql`
    insert into subctl.subscriptions (customer_id, id, status, plan_id, version, every, collection, anchor, anchor_timezone, started_at, from_at,
      current_period_start, current_period_end, auto_renew, usage_reset_at, assigned_by)
    select customer_id, gen_random_uuid(), 'paused', plan_id, version, every, 'free', anchor, anchor_timezone, started_at, from_at,
           current_period_start, current_period_end, true, usage_reset_at, 'x'
      from subctl.subscriptions where customer_id = 'bob'`;
  await expect(second).rejects.toThrow(/subscriptions_(one_live|paused_check)/);
});
