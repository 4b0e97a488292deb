import { beforeAll, describe, expect, it } from 'vitest';
import { runChecks } from '../../src/integrity/run-checks.ts';
import { inTransaction } from '../../src/database/transaction.ts';
import { testDatabase } from '../support/database.ts';
import { addOne, assign, loadLadder } from '../support/plans.ts';
import { handsOn } from './world.ts';

const { sql } = await testDatabase();
const { night } = handsOn(sql);

beforeAll(async () => {
  await loadLadder(sql);
  await sql`
    insert into subctl.plans (id, name, rank, active, is_default, fallback, current_version, created_at)
    values ('metered', 'Metered', 11, true, false, 'default', 1, '2025-01-01')`;
  await sql`insert into subctl.plan_versions (plan_id, version, created_at) values ('metered', 1, '2025-01-01')`;
  await sql`
    insert into subctl.plan_prices (plan_id, version, "interval", currency, amount) values ('metered', 1, '1mo', 'USD', 10.00)`;
  await sql`
    insert into subctl.plan_limits (plan_id, version, meter_id, "window", limit_value, enforcement, overage_price, overage_per)
    values ('metered', 1, 'messages', 'period', 100, 'overage', 0.25, 10)`;
  await sql`select subctl_internal.compile_all()`;
});

const use = (customer: string, at: string, quantity: number, asOf = at) =>
  sql`select subctl.record_usage(${customer}, 'message', at => ${at}::timestamptz, as_of => ${asOf}::timestamptz, quantity => ${quantity})`;
const pay = (customer: string) => sql`
  select subctl_internal.pay_invoice(customer_id, id, 'manual', number, total, issued_at, issued_at, 'test')
    from subctl.invoices where customer_id = ${customer} and status = 'open'`;
const lines = async (customer: string) =>
  sql`
    select right(i.number, 4) as n, l.kind, trim_scale(l.quantity)::text as quantity, trim_scale(l.amount)::text as amount, trim_scale(i.total)::text as total
      from subctl.invoice_lines l join subctl.invoices i on i.customer_id = l.customer_id and i.id = l.invoice_id
     where l.customer_id = ${customer} order by i.number, l.position`;

describe('N19: what is used beyond a limit that is sold', () => {
  it('goes on the next invoice, once, at its price, late events too (R13)', async () => {
    await addOne(sql, { id: 'ann' });
    await assign(sql, '2026-01-01T00:00:00Z', { customer: 'ann', plan: 'metered' });
    await pay('ann');
    await use('ann', '2026-01-20T00:00:00Z', 135);
    await night('2026-02-01T02:00:00Z');
    await pay('ann');
    // 25 units late into January, after it was billed, and 110 in February
    await use('ann', '2026-01-25T00:00:00Z', 25, '2026-02-03T00:00:00Z');
    await use('ann', '2026-02-10T00:00:00Z', 110);
    await night('2026-03-01T02:00:00Z');
    await pay('ann');
    await night('2026-04-01T02:00:00Z');
    expect(await lines('ann')).toEqual([
      { n: '0001', kind: 'plan', quantity: '1', amount: '10', total: '10' },
      // 35 beyond 100, at 0.25 for ten: 0.875, rounded once
      { n: '0002', kind: 'plan', quantity: '1', amount: '10', total: '10.88' },
      { n: '0002', kind: 'overage', quantity: '35', amount: '0.88', total: '10.88' },
      { n: '0003', kind: 'plan', quantity: '1', amount: '10', total: '10.88' },
      { n: '0003', kind: 'overage', quantity: '25', amount: '0.63', total: '10.88' },
      { n: '0003', kind: 'overage', quantity: '10', amount: '0.25', total: '10.88' },
      { n: '0004', kind: 'plan', quantity: '1', amount: '10', total: '10' },
    ]);
  });

  it('is nothing within the limit', async () => {
    await addOne(sql, { id: 'bob' });
    await assign(sql, '2026-01-01T00:00:00Z', { customer: 'bob', plan: 'metered' });
    await pay('bob');
    await use('bob', '2026-01-20T00:00:00Z', 100);
    await night('2026-02-01T02:00:00Z');
    expect((await lines('bob')).map(({ kind }) => kind as string)).toEqual(['plan', 'plan']);
  });

  it('R45: the books are right', async () => {
    const found = await inTransaction(sql, (tx) => runChecks(tx, { now: new Date('2026-04-02T00:00:00Z') }), {
      readOnly: true,
    });
    expect(
      found.filter(({ count, check }) => count > 0 && /invoice|payment|billed|window|events/.test(check)),
    ).toEqual([]);
  });
});
