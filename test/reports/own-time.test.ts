import Big from 'big.js';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { listInvoices } from '../../src/invoices/list.ts';
import { listMargins } from '../../src/reports/margin.ts';
import { sumRevenue } from '../../src/reports/revenue.ts';
import { listTrends } from '../../src/reports/trends.ts';
import { livesOn, loadPaid } from '../subscriptions/paid-world.ts';
import { testDatabase } from '../support/database.ts';

const { sql } = await testDatabase();
beforeAll(() => loadPaid(sql));
const { buys, take, newest, pause, resume, refund, hands } = livesOn(sql);
const span = (from: string, to: string) => ({ from: new Date(from), to: new Date(to), timezone: 'UTC' });
const december = span('2026-12-01', '2027-01-01');
const january = span('2027-01-01', '2027-02-01');
const revenueOf = async (of: typeof december) =>
  Object.fromEntries((await sumRevenue(sql, of)).map(({ plan, ...row }) => [plan, row]));

describe('R29a: the past keeps its plan', () => {
  let [first, customer] = ['', ''];
  beforeAll(async () => {
    customer = await buys('2026-12-01', 'basic');
    first = await newest(customer);
    await take('2026-12-10', customer, 'pro');
  });

  it('B7: an invoice has the plan of its period after an upgrade', async () => {
    const rows = await listInvoices(sql, { customer, now: december.to, statuses: [], limit: 10 });
    expect(rows.map(({ plan, total }) => [plan, new Big(total).toFixed(2)])).toEqual([
      ['pro', '78.71'],
      ['basic', '29.99'],
    ]);
  });

  it('B7: revenue has what basic invoiced and was paid; a later refund stands under basic', async () => {
    expect(await revenueOf(december)).toMatchObject({
      basic: { invoiced: '29.99', paid: '29.99', refunded: '0.00' },
      pro: { invoiced: '78.71', paid: '0.00', overdue: '78.71' },
    });
    await refund('2027-01-05', first, '5');
    expect(await revenueOf(january)).toMatchObject({ basic: { invoiced: '0.00', refunded: '5.00' } });
    const margins = await listMargins(sql, january, 'plan');
    expect(margins.find(({ name }) => name === 'basic')).toMatchObject({ refunds: '-5.00' });
  });

  it('B7: the revenue a month of a past day is that of its plan and price', async () => {
    expect(await revenueOf(span('2026-12-01', '2026-12-09'))).toMatchObject({
      basic: { subscriptions: 1, mrr: '29.99' },
    });
  });

  it('B7: an invoice keeps its plan where the change comes at the same instant', async () => {
    const twice = await buys('2027-03-01', 'basic');
    await take('2027-03-01', twice, 'pro');
    const rows = await listInvoices(sql, { customer: twice, now: december.to, statuses: [], limit: 10 });
    expect(rows.map(({ plan }) => plan)).toEqual(['pro', 'basic']);
  });

  it('B7: what is voided later was invoiced in its month', async () => {
    const mistaken = await buys('2027-05-01', 'free');
    await take('2027-05-01', mistaken, 'top');
    await hands.takeBack('2027-06-03T00:00:00Z', await newest(mistaken));
    expect(await revenueOf(span('2027-05-01', '2027-06-01'))).toMatchObject({ top: { invoiced: '200.00' } });
    expect(await revenueOf(span('2027-05-01', '2027-07-01'))).not.toHaveProperty('top.invoiced', '200.00');
  });

  it('B1: a pause moves what is earned to the days that come after it', async () => {
    const still = await buys('2028-01-01', 'basic');
    await pause('2028-01-11', still);
    await resume('2028-02-11', still);
    const earned = async (from: string, to: string) =>
      (await listMargins(sql, span(from, to), 'customer')).find(({ name }) => name === still)?.plans;
    expect(await earned('2028-01-01', '2028-02-01')).toBe('9.67'); // 10 of 31 days
    expect(await earned('2028-02-01', '2028-04-01')).toBe('20.32');
    expect(await earned('2028-01-01', '2028-04-01')).toBe('29.99');
  });
});

describe('R27: one rounding, whatever the rows', () => {
  const totalOf = (rows: readonly { plans: string }[]) =>
    rows.reduce((sum, { plans }) => sum.plus(plans), new Big(0)).toFixed(2);

  it('B27: three times 29.99 for ten days is 29.02, by plan and by customer', async () => {
    for (let n = 0; n < 3; n++) await buys('2029-12-01', 'basic');
    const ten = span('2029-12-01', '2029-12-11');
    expect(totalOf(await listMargins(sql, ten, 'plan'))).toBe('29.02');
    const rows = await listMargins(sql, ten, 'customer');
    expect(rows.map(({ plans }) => plans)).toEqual(['9.67', '9.67', '9.68']);
  });

  it('B27: the totals by plan and by customer are equal on random books', async () => {
    const plans = fc.sample(fc.constantFrom('basic', 'pro', 'top', 'short', 'long'), {
      numRuns: 12,
      seed: 4,
    });
    for (const [n, plan] of plans.entries())
      await buys(
        `2030-01-${String(n + 1).padStart(2, '0')}T0${n % 9}:17:31Z`,
        plan,
        n % 3 ? {} : { discount: 'HALF' },
      );
    for (const day of fc.sample(fc.integer({ min: 2, max: 28 }), { numRuns: 10, seed: 9 })) {
      const some = span('2030-01-01', `2030-01-${String(day).padStart(2, '0')}T11:11:11Z`);
      expect(totalOf(await listMargins(sql, some, 'plan')), `${day}`).toBe(
        totalOf(await listMargins(sql, some, 'customer')),
      );
    }
  });

  it('B27: the revenue a month of plans sums to that of the trends', async () => {
    for (let n = 0; n < 5; n++) await buys('2031-01-01', n % 2 ? 'basic' : 'pro', { every: '1y' });
    const end = new Date('2031-01-20T00:00:00Z');
    const rows = await sumRevenue(sql, { from: new Date('2031-01-01'), to: end, timezone: 'UTC' });
    const sum = rows.reduce((all, { mrr }) => all.plus(mrr), new Big(0)).toFixed(2);
    const trends = await listTrends(sql, { now: end, count: 1 });
    expect(trends.months[0]!.mrr).toBe(sum);
  });
});
