import { beforeAll, describe, expect, it } from 'vitest';
import type { Change } from '../../src/database/change.ts';
import type { Db } from '../../src/database/connect.ts';
import { cancelSubscription } from '../../src/subscriptions/cancel.ts';
import { extendByDays, giveComplimentary } from '../../src/subscriptions/extend.ts';
import { reactivateSubscription } from '../../src/subscriptions/reactivate.ts';
import { asTester } from '../support/catalogue.ts';
import { testDatabase } from '../support/database.ts';
import { addOne, assign, loadLadder } from '../support/plans.ts';
import { runTasks } from '../stories/lives.ts';

const { sql } = await testDatabase();
beforeAll(async () => {
  await loadLadder(sql);
  await sql`update subctl.plan_versions set rollover_max = 40 where plan_id = 'pro'`;
});

let count = 0;
const subscribed = async (plan: string, about: object = {}, customer: object = {}) => {
  const id = `c${++count}`;
  await addOne(sql, { id, ...customer });
  await assign(sql, '2026-01-01T00:00:00Z', { customer: id, plan, collection: 'complimentary', ...about });
  return id;
};
const doAt = <T>(at: string, work: (tx: Db, change: Change) => Promise<T>) =>
  asTester(sql, work, new Date(at));
const extend = (at: string, customer: string, days: number) =>
  doAt(at, (tx, change) => extendByDays(tx, change, { customer, days }));
const give = (at: string, customer: string, periods: number) =>
  doAt(at, (tx, change) => giveComplimentary(tx, change, { customer, periods }));
const cancel = (at: string, customer: string, atOnce = false) =>
  doAt(at, (tx, change) => cancelSubscription(tx, change, { customer, atOnce }));
const reactivate = (at: string, customer: string) =>
  doAt(at, (tx, change) => reactivateSubscription(tx, change, customer));
const tasks = (customer: string, at: string) => runTasks(sql, [customer], new Date(at));
const period = async (customer: string, at: string) => {
  const [row] =
    await sql`select period_start as start, period_end as "end" from subctl_internal.effective_subscription(${customer}, ${at}::timestamptz)`;
  return [row!['start'], row!['end']];
};
const balance = async (customer: string, at: string) =>
  (
    await sql`select trim_scale(subctl_internal.credit_balance(${customer}, ${at}::timestamptz))::text as b`
  )[0]!['b'];
const pay = (customer: string) => sql`
  update subctl.invoices set status = 'paid', paid_at = issued_at where customer_id = ${customer} and status = 'open'`;
const day = (date: string) => new Date(`${date}T00:00:00Z`);

describe('days', () => {
  it('move the end of the period that runs, and coming periods are counted from there', async () => {
    const ann = await subscribed('pro');
    expect(await extend('2026-01-10T00:00:00Z', ann, 10)).toMatchObject({
      action: 'extended',
      period_end: day('2026-02-11'),
    });
    for (const written of [false, true]) {
      if (written) await tasks(ann, '2026-04-01T00:00:00Z');
      expect(await period(ann, '2026-01-05T00:00:00Z')).toEqual([day('2026-01-01'), day('2026-02-01')]); // as it was known then
      expect(await period(ann, '2026-02-10T23:59:59Z')).toEqual([day('2026-01-01'), day('2026-02-11')]);
      expect(await period(ann, '2026-02-11T00:00:00Z')).toEqual([day('2026-02-11'), day('2026-03-11')]);
      expect(await period(ann, '2026-03-11T00:00:00Z')).toEqual([day('2026-03-11'), day('2026-04-11')]);
    }
    const causes =
      await sql`select cause, from_at from subctl.subscription_phases where customer_id = ${ann} order by from_at`;
    expect(causes).toMatchObject([
      { cause: 'new' },
      { cause: 'extend', from_at: day('2026-01-10') },
      { cause: 'renewal', from_at: day('2026-02-11') },
    ]);
  });

  it('keep the credits of the period until its new end, and what is left of them rolls over', async () => {
    const bob = await subscribed('pro');
    await extend('2026-01-10T00:00:00Z', bob, 10);
    await tasks(bob, '2026-02-05T00:00:00Z');
    expect(await balance(bob, '2026-02-10T23:59:59Z')).toBe('100');
    expect(await balance(bob, '2026-02-11T00:00:00Z')).toBe('140');
    await tasks(bob, '2026-03-05T00:00:00Z');
    expect(await balance(bob, '2026-03-05T00:00:00Z')).toBe('140');
  });

  it('go by the wall clock of the anchor’s zone', async () => {
    const cat = await subscribed('pro', {}, { timezone: 'America/New_York' });
    // 1 January 00:00 UTC is 19:00 on the 31st in New York; 35 days later the clock has gone forward
    expect(await extend('2026-02-10T00:00:00Z', cat, 10)).toMatchObject({
      period_end: new Date('2026-03-10T23:00:00Z'),
    });
  });

  it('are given twice, to a term that does not renew, and to a trial', async () => {
    const dan = await subscribed('pro', { autoRenew: false });
    await extend('2026-01-10T00:00:00Z', dan, 5);
    expect(await extend('2026-01-11T00:00:00Z', dan, 5)).toMatchObject({ period_end: day('2026-02-11') });
    const eve = await subscribed('trial');
    expect(await extend('2026-01-02T00:00:00Z', eve, 7)).toMatchObject({
      status: 'trialing',
      period_end: day('2026-01-22'),
    });
  });

  it('keep what was used in the windows of the period, closed or not', async () => {
    const fay = await subscribed('pro');
    const use = (at: string, quantity: number) =>
      sql`select subctl.record_usage(${fay}, 'message', as_of => ${at}::timestamptz, quantity => ${quantity})`;
    const used = async (at: string) =>
      (
        await sql`select trim_scale(used)::text as used from subctl.usage_limits(${fay}, ${at}::timestamptz) where meter_id = 'messages' and win = 'period'`
      )[0]!['used'];
    await use('2026-01-05T00:00:00Z', 7);
    await extend('2026-01-10T00:00:00Z', fay, 10);
    await tasks(fay, '2026-02-02T00:00:00Z');
    await use('2026-02-03T00:00:00Z', 2);
    expect(await used('2026-02-10T00:00:00Z')).toBe('9');
    expect(await used('2026-02-11T00:00:00Z')).toBe('0');
  });
});

describe('complimentary periods', () => {
  it('are renewed with their credits and not charged, each in the history', async () => {
    const gil = await subscribed('pro', { collection: 'invoice' });
    await pay(gil);
    expect(await give('2026-01-15T00:00:00Z', gil, 2)).toMatchObject({ complimentary_periods: 2 });
    await tasks(gil, '2026-02-02T00:00:00Z');
    await tasks(gil, '2026-04-02T00:00:00Z');
    const renewals =
      await sql`select period_start, outcome, reason from subctl.renewals where customer_id = ${gil} order by 1`;
    expect(renewals).toEqual([
      { period_start: day('2026-02-01'), outcome: 'renewed', reason: 'complimentary period' },
      { period_start: day('2026-03-01'), outcome: 'renewed', reason: 'complimentary period' },
      { period_start: day('2026-04-01'), outcome: 'invoiced', reason: null },
    ]);
    expect(await balance(gil, '2026-02-02T00:00:00Z')).toBe('140');
  });

  it('never make a payer past due, although nobody has written them', async () => {
    const hal = await subscribed('pro', { collection: 'invoice' });
    await pay(hal);
    await give('2026-01-15T00:00:00Z', hal, 2);
    const status = async (at: string) =>
      (await sql`select status from subctl_internal.effective_subscription(${hal}, ${at}::timestamptz)`)[0];
    expect(await status('2026-03-30T00:00:00Z')).toEqual({ status: 'active' });
    // B17: what nobody has asked for is not due, given away or not
    expect(await status('2026-04-15T00:00:00Z')).toEqual({ status: 'active' });
    await tasks(hal, '2026-04-16T00:00:00Z');
    expect(await status('2026-04-29T23:59:59Z')).toEqual({ status: 'active' });
    expect(await status('2026-04-30T00:00:00Z')).toEqual({ status: 'past_due' });
  });

  it('are refused where nothing is charged, and where nothing renews', async () => {
    const ida = await subscribed('pro');
    await expect(give('2026-01-15T00:00:00Z', ida, 1)).rejects.toThrow(/is complimentary/);
    const jan = await subscribed('pro', { collection: 'invoice' });
    await pay(jan);
    await cancel('2026-01-10T00:00:00Z', jan);
    await expect(give('2026-01-15T00:00:00Z', jan, 1)).rejects.toThrow(/does not renew/);
  });
});

describe('reactivate', () => {
  it('S10: clears the cancellation before the end', async () => {
    const kim = await subscribed('pro');
    await cancel('2026-01-10T00:00:00Z', kim);
    expect(await reactivate('2026-01-31T23:59:59Z', kim)).toMatchObject({
      action: 'reactivated',
      renews: true,
    });
    expect(await reactivate('2026-01-31T23:59:59Z', kim)).toMatchObject({ changed: false });
    await tasks(kim, '2026-02-05T00:00:00Z');
    expect(await period(kim, '2026-02-05T00:00:00Z')).toEqual([day('2026-02-01'), day('2026-03-01')]);
  });

  it('S10: is refused at the end and after it, whether or not a task has written it', async () => {
    const lea = await subscribed('pro');
    await cancel('2026-01-10T00:00:00Z', lea);
    await expect(reactivate('2026-02-01T00:00:00Z', lea)).rejects.toThrow(
      /ended at 2026-02-01T00:00:00.000Z/,
    );
    const mia = await subscribed('bare');
    await cancel('2026-01-10T00:00:00Z', mia, true);
    await expect(reactivate('2026-01-11T00:00:00Z', mia)).rejects.toMatchObject({ kind: 'refused' });
    await addOne(sql, { id: 'never' });
    await expect(reactivate('2026-01-11T00:00:00Z', 'never')).rejects.toMatchObject({ kind: 'not_found' });
  });
});
