import { beforeAll, expect, it } from 'vitest';
import { insertCustomers } from '../../src/customers/insert-customers.ts';
import { assignAllWithoutPlan } from '../../src/subscriptions/assign-all.ts';
import { assignMany } from '../../src/subscriptions/assign-many.ts';
import { asTester } from '../support/catalogue.ts';
import { testDatabase } from '../support/database.ts';
import { addOne, assign, loadLadder } from '../support/plans.ts';

const { sql } = await testDatabase();
beforeAll(() => loadLadder(sql));

const now = new Date('2026-01-10T00:00:00Z');

it('O2: everybody without a live subscription gets the default plan, once, and the others are left alone', async () => {
  const ids = Array.from({ length: 300 }, (_, at) => ({
    id: `o${String(at).padStart(4, '0')}`,
    timezone: at % 2 ? 'Asia/Tokyo' : 'UTC',
  }));
  await asTester(sql, (tx, change) => insertCustomers(tx, change, ids));
  await assign(sql, '2026-01-01T00:00:00Z', { customer: 'o0007', plan: 'pro' });
  await sql`update subctl.customers set disabled_at = '2026-01-01' where id = 'o0008'`;
  const rejected: unknown[] = [];
  const all = () =>
    asTester(
      sql,
      (tx, change) =>
        assignAllWithoutPlan(tx, change, {
          onReject: async (row) => void rejected.push(row),
          onProgress: () => undefined,
        }),
      now,
    );
  expect(await all()).toEqual({ plan: 'free', assigned: 298, rejected: 0 });
  expect(await all()).toMatchObject({ assigned: 0 });
  const rows = await sql`
    select plan_id, count(*)::int as n, count(distinct anchor_timezone)::int as zones, bool_and(assigned_by = 'tester') as mine
      from subctl.subscriptions group by 1 order by 1`;
  expect(rows).toEqual([
    { plan_id: 'free', n: 298, zones: 2, mine: true },
    { plan_id: 'pro', n: 1, zones: 1, mine: true },
  ]);
  const [written] = await sql`
    select (select count(*)::int from subctl.subscription_phases where cause = 'new') as segments,
           (select count(*)::int from subctl.audit_log where entity = 'subscription') as audited,
           (select count(*)::int from subctl.credit_grants g where g.source = 'plan' and g.expired_at is null and g.granted_at = ${now}) as grants`;
  expect(written).toEqual({ segments: 299, audited: 299, grants: 298 });
});

it('a row that cannot be done is told, and the others go on', async () => {
  await addOne(sql, { id: 'euro', currency: 'EUR' });
  await addOne(sql, { id: 'fine' });
  await addOne(sql, { id: 'high' });
  await assign(sql, '2026-01-01T00:00:00Z', { customer: 'high', plan: 'max' });
  const rows = [
    { line: 2, customer: 'euro', plan: 'max' },
    { line: 3, customer: 'fine', plan: 'pro' },
    { line: 4, customer: 'nobody', plan: 'pro' },
    { line: 5, customer: 'high', plan: 'pro' },
    { line: 6, customer: 'fine', plan: 'max' },
    { line: 7, customer: 'fine', plan: 'nix' },
  ];
  const done = await asTester(sql, (tx, change) => assignMany(tx, change, rows), now);
  expect(done.assigned).toBe(3);
  expect(done.rejected.map(({ line, reason }) => `${line} ${reason}`)).toEqual([
    '2 Plan max has no price per 1mo in EUR: it has 99.99 USD per 1mo',
    "4 There is no customer 'nobody'",
    "7 There is no plan 'nix'",
  ]);
  const plans =
    await sql`select customer_id as c, plan_id as p, pending_plan_id as n from subctl.subscriptions where customer_id in ('fine', 'high') order by 1`;
  expect(plans).toEqual([
    { c: 'fine', p: 'max', n: null },
    { c: 'high', p: 'max', n: 'pro' },
  ]);
});
