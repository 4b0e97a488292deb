import { beforeAll, describe, expect, it } from 'vitest';
import { createDiscount, deactivateDiscount, type NewDiscount } from '../../src/catalog/discounts.ts';
import { runChecks } from '../../src/integrity/run-checks.ts';
import { inTransaction } from '../../src/database/transaction.ts';
import type { Assignment } from '../../src/subscriptions/assignment.ts';
import { asTester } from '../support/catalogue.ts';
import { testDatabase } from '../support/database.ts';
import { addOne, assign, loadLadder } from '../support/plans.ts';
import { programOn } from '../support/program.ts';
import { handsOn } from './world.ts';

const { sql, env } = await testDatabase();
const { night, numbers } = handsOn(sql);
const start = '2026-01-01T00:00:00Z';
const later = '2026-01-11T00:00:00Z';

beforeAll(async () => {
  await loadLadder(sql);
  await sql`
    insert into subctl.plans (id, name, rank, active, is_default, fallback, current_version, created_at) values
      ('thirty', 'Thirty', 11, true, false, 'default', 1, '2025-01-01'), ('top', 'Top', 40, true, false, 'default', 1, '2025-01-01')`;
  await sql`
    insert into subctl.plan_versions (plan_id, version, created_at, proration_meter) values
      ('thirty', 1, '2025-01-01', 'messages'), ('top', 1, '2025-01-01', 'messages')`;
  await sql`
    insert into subctl.plan_prices (plan_id, version, "interval", currency, amount) values
      ('thirty', 1, '30d', 'USD', 30.00), ('top', 1, '30d', 'USD', 79.00)`;
  await sql`insert into subctl.plan_limits (plan_id, version, meter_id, "window", limit_value) values ('thirty', 1, 'messages', 'period', 100000)`;
  await sql`select subctl_internal.compile_all()`;
});

const code = (name: string, about: Partial<NewDiscount>) =>
  asTester(sql, (tx, change) => createDiscount(tx, change, { code: name, plans: [], ...about }));
let count = 0;
const someone = async () => {
  const id = `d${++count}`;
  await addOne(sql, { id });
  return id;
};
const take = async (at: string, asked: Assignment) => {
  const done = await assign(sql, at, asked);
  const { total, status, lines } = done['invoice'] as {
    total: string;
    status: string;
    lines: { amount: string }[];
  };
  return { total, status, lines: lines.map(({ amount }) => amount) };
};
const upgraded = async (discount: string) => {
  const id = await someone();
  await assign(sql, start, { customer: id, plan: 'thirty' });
  await sql`update subctl.invoices set status = 'paid', paid_at = issued_at where customer_id = ${id}`;
  await sql`
    insert into subctl.payments (customer_id, id, invoice_id, provider, reference, status, amount, amount_minor, currency, at)
    select customer_id, subctl_internal.uuid7(issued_at), id, 'manual', number, 'paid', total, (total * 100)::bigint, currency, issued_at from subctl.invoices where customer_id = ${id}`;
  await sql`select subctl.record_usage(${id}, 'message', as_of => '2026-01-05T00:00:00Z', quantity => 25000)`;
  return take(later, { customer: id, plan: 'top', proration: 'days-and-usage', discount });
};

describe('P15: a code', () => {
  it('G41: comes after the credit: 10 % off 64.00 is 57.60; 100 off is nothing, paid at once', async () => {
    await code('TENTH', { percent: '10' });
    await code('HUNDRED', { amount: '100', currency: 'USD' });
    expect(await upgraded('tenth')).toEqual({ total: '57.6', status: 'open', lines: ['79', '-15', '-6.4'] });
    expect(await upgraded('HUNDRED')).toEqual({ total: '0', status: 'paid', lines: ['79', '-15', '-64'] });
  });

  it('G42, R27: of the exact bill, which is rounded once: half of 29.99 is 15.00', async () => {
    await code('HALF', { percent: '50' });
    expect(await take(start, { customer: await someone(), plan: 'pro', discount: 'HALF' })).toMatchObject({
      total: '15',
      lines: ['29.99', '-14.99'],
    });
  });

  it('defect 64: above 100 % is refused, nothing is ever below 0, and the plans of a code hold', async () => {
    await expect(code('MUCH', { percent: '100.5' })).rejects.toThrow('at most 100 %');
    await code('PROS', { percent: '100', plans: ['pro'] });
    await expect(take(start, { customer: await someone(), plan: 'max', discount: 'PROS' })).rejects.toThrow(
      'is not for plan max but for pro',
    );
    expect(await take(start, { customer: await someone(), plan: 'pro', discount: 'PROS' })).toMatchObject({
      total: '0',
      status: 'paid',
    });
  });

  it('defect 63: refused, the plan is not taken either', async () => {
    const id = await someone();
    await code('LATE', {
      percent: '5',
      expires: new Date('2026-01-01T00:00:00Z'),
      from: new Date('2025-06-01T00:00:00Z'),
    });
    await expect(take(start, { customer: id, plan: 'pro', discount: 'LATE' })).rejects.toThrow(
      'was valid until',
    );
    await expect(take(start, { customer: id, plan: 'pro', discount: 'NONE' })).rejects.toThrow(
      'There is no discount code NONE',
    );
    await expect(take(start, { customer: id, plan: 'free', discount: 'TENTH' })).rejects.toThrow(
      'has no effect',
    );
    expect(await sql`select from subctl.subscriptions where customer_id = ${id}`).toHaveLength(0);
  });

  it('of three uses, twenty customers at once get exactly three', async () => {
    await code('THREE', { percent: '10', maxUses: 3 });
    const ids = await Promise.all(Array.from({ length: 20 }, someone));
    const done = await Promise.allSettled(
      ids.map((customer) => take(start, { customer, plan: 'pro', discount: 'THREE' })),
    );
    expect(done.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
    expect(
      await sql`select count(*)::int as n from subctl.discount_redemptions where code = 'THREE'`,
    ).toEqual([{ n: 3 }]);
  });

  it('is used by one customer as often as it says', async () => {
    await code('ONCE', { percent: '10', maxUsesPerCustomer: 1 });
    const id = await someone();
    await take(start, { customer: id, plan: 'pro', discount: 'ONCE' });
    await expect(take(later, { customer: id, plan: 'max', discount: 'ONCE' })).rejects.toThrow('its maximum');
  });

  it('lowers the first period, the first two, or all of them, also after it is given to nobody any more', async () => {
    await code('TWO', { percent: '10', periods: 2 });
    await code('ALL', { amount: '5', currency: 'USD', periods: 'all' });
    const [two, all] = [await someone(), await someone()];
    await take(start, { customer: two, plan: 'pro', discount: 'TWO' });
    await take(start, { customer: all, plan: 'pro', discount: 'ALL' });
    await asTester(sql, (tx, change) => deactivateDiscount(tx, change, 'all'));
    for (const month of ['02', '03']) {
      for (const customer of [two, all])
        await sql`select subctl_internal.pay_invoice(customer_id, id, 'manual', number, total, issued_at, issued_at, 'test') from subctl.invoices where customer_id = ${customer} and status = 'open'`;
      await night(`2026-${month}-01T02:00:00Z`);
    }
    const totals = (customer: string) =>
      sql`select trim_scale(total)::text as total from subctl.invoices where customer_id = ${customer} order by number`;
    expect((await totals(two)).map(({ total }) => total as string)).toEqual(['26.99', '26.99', '29.99']);
    expect((await totals(all)).map(({ total }) => total as string)).toEqual(['24.99', '24.99', '24.99']);
    expect(await numbers(two)).toHaveLength(3);
  });

  describe('of several periods lowers what a change asks for, as every invoice of its duration', () => {
    const paid = (customer: string) =>
      sql`select subctl_internal.pay_invoice(customer_id, id, 'manual', number, total, issued_at, issued_at, 'test') from subctl.invoices where customer_id = ${customer} and status = 'open'`;
    const left = async (customer: string) =>
      (
        await sql`select periods_left as n from subctl.discount_redemptions where customer_id = ${customer}`
      )[0]!['n'] as number;

    it('B30: an upgrade now is one of its periods, after the credit', async () => {
      await code('THREEFOLD', { percent: '10', periods: 3 });
      const id = await someone();
      await take(start, { customer: id, plan: 'pro', discount: 'THREEFOLD' });
      await paid(id);
      // 21 of 31 days of 26.99 are credited: 18.28348; 10 % of 81.70652 is 8.17065
      expect(await take(later, { customer: id, plan: 'max' })).toEqual({
        total: '73.54',
        status: 'open',
        lines: ['99.99', '-18.28', '-8.17'],
      });
      expect(await left(id)).toBe(1);
      await paid(id);
      for (const month of ['02', '03']) {
        await night(`2026-${month}-11T02:00:00Z`);
        await paid(id);
      }
      const totals =
        await sql`select trim_scale(total)::text as total from subctl.invoices where customer_id = ${id} order by issued_at`;
      expect(totals.map(({ total }) => total as string)).toEqual(['26.99', '73.54', '89.99', '99.99']);
    });

    it('B30: the rest of a period that goes on is lowered by its code, which counts no period', async () => {
      const id = await someone();
      await take(start, { customer: id, plan: 'pro', discount: 'THREEFOLD' });
      await paid(id);
      const asked = { customer: id, plan: 'max', anchor: 'keep' } as const;
      const shown = await take(later, asked);
      expect(shown.lines).toHaveLength(3);
      expect(await left(id)).toBe(2);
      const [, charge, credit] = [shown.total, ...shown.lines].map(Number);
      expect(Number(shown.total)).toBeCloseTo((charge! + credit!) * 0.9, 1);
    });

    it('B30: a code for other plans, an amount of another currency and a code of one period wait or are over', async () => {
      await code('PROSTWICE', { percent: '10', plans: ['pro'], periods: 2 });
      await code('JUSTONE', { percent: '10' });
      for (const discount of ['PROSTWICE', 'JUSTONE']) {
        const id = await someone();
        await take(start, { customer: id, plan: 'pro', discount });
        await paid(id);
        expect((await take(later, { customer: id, plan: 'max' })).lines).toHaveLength(2);
      }
      await code('EURO', { amount: '5', currency: 'EUR', periods: 'all' });
      const id = await someone();
      await take(start, { customer: id, plan: 'pro', currency: 'EUR', discount: 'EURO' });
      await paid(id);
      expect(
        (await take(later, { customer: id, plan: 'max', currency: 'USD' })).lines.some(
          (amount) => amount === '-5',
        ),
      ).toBe(false);
    });
  });

  it('R45: the books are right', async () => {
    const found = await inTransaction(sql, (tx) => runChecks(tx, { now: new Date('2026-03-02T00:00:00Z') }), {
      readOnly: true,
    });
    expect(
      found.filter(({ count: n, check }) => n > 0 && /invoice|payment|billed|discount|refund/.test(check)),
    ).toEqual([]);
  });
});

it('discounts create, list and deactivate say what they do', async () => {
  const { say, json } = programOn(env);
  expect((await say('discounts create cli --percent 12.5 --plan pro --max-uses 2')).code).toBe(0);
  expect((await say('discounts create CLI --percent 1')).code).toBe(8);
  expect((await say('discounts create X --percent 101')).code).toBe(2);
  expect((await say('discounts create X --percent 1 --amount 1')).code).toBe(2);
  expect((await say('discounts create X --amount 1.001 --currency USD')).code).toBe(2);
  expect((await say('discounts create X --percent 1 --plan poro')).code).toBe(3);
  expect(await json('discounts list')).toContainEqual(
    expect.objectContaining({
      code: 'CLI',
      amount: '12.5',
      plans: ['pro'],
      uses: 0,
      max_uses: 2,
      periods: 1,
    }),
  );
  await say('discounts deactivate cli');
  expect(await json('discounts list')).not.toContainEqual(expect.objectContaining({ code: 'CLI' }));
  const id = await someone();
  expect((await say(`assign ${id} pro --discount CLI --as-of 2026-01-01`)).code).toBe(4);
  expect((await say(`assign ${id} pro --discount TENTH --as-of 2026-01-01 --dry-run`)).stdout).toContain(
    '-3',
  );
});
