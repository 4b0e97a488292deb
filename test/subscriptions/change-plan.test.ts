import { beforeAll, describe, expect, it } from 'vitest';
import { cancelSubscription } from '../../src/subscriptions/cancel.ts';
import { asTester } from '../support/catalogue.ts';
import { testDatabase } from '../support/database.ts';
import { addOne, assign, loadLadder } from '../support/plans.ts';

const { sql } = await testDatabase();
beforeAll(() => loadLadder(sql));

let count = 0;
const someone = async (about: object = {}) => {
  const id = `c${++count}`;
  await addOne(sql, { id, ...about });
  return id;
};
const balance = async (customer: string, at: string) =>
  (
    await sql`select trim_scale(subctl_internal.credit_balance(${customer}, ${at}::timestamptz))::text as b`
  )[0]!.b;
const pay = (customer: string) => sql`
  update subctl.invoices set status = 'paid', paid_at = issued_at where customer_id = ${customer} and status = 'open'`;
const invoices = (customer: string) => sql`
  select i.number, trim_scale(i.total)::text as total, i.status, i.source_key,
         (select array_agg(trim_scale(l.amount)::text order by l.position) from subctl.invoice_lines l
           where l.customer_id = i.customer_id and l.invoice_id = i.id) as lines
    from subctl.invoices i where i.customer_id = ${customer} order by i.issued_at, i.number`;

describe('the same plan again', () => {
  it('R31: takes back the change that waits, and else does nothing', async () => {
    const kim = await someone();
    await assign(sql, '2026-01-01T00:00:00Z', { customer: kim, plan: 'max' });
    expect(await assign(sql, '2026-01-02T00:00:00Z', { customer: kim, plan: 'max' })).toMatchObject({
      action: 'renewal_unchanged',
      changed: false,
    });
    await assign(sql, '2026-01-03T00:00:00Z', { customer: kim, plan: 'pro' });
    expect(await assign(sql, '2026-01-04T00:00:00Z', { customer: kim, plan: 'max' })).toMatchObject({
      action: 'pending_cleared',
      pending_plan: null,
    });
  });
});

describe('up', () => {
  it('S17: is no trial: who never had one still has it to come', async () => {
    const kim = await someone();
    await assign(sql, '2026-01-01T00:00:00Z', { customer: kim, plan: 'pro', collection: 'complimentary' });
    await assign(sql, '2026-01-02T00:00:00Z', {
      customer: kim,
      plan: 'max',
      collection: 'complimentary',
      autoRenew: false,
    });
    expect(await sql`select trial_end from subctl.subscriptions where customer_id = ${kim}`).toEqual([
      { trial_end: null },
    ]);
    await asTester(
      sql,
      (tx, change) => cancelSubscription(tx, change, { customer: kim, atOnce: true }),
      new Date('2026-01-05T00:00:00Z'),
    );
    await sql`select subctl_internal.end_subscriptions(array[customer_id], array[id], array['2026-01-06T00:00Z'::timestamptz], array['canceled'], 'cancel', array[null], '2026-01-06T00:00Z', 'test')
                from subctl.subscriptions where customer_id = ${kim} and ended_at is null`;
    expect(await assign(sql, '2026-02-01T00:00:00Z', { customer: kim, plan: 'trial' })).toMatchObject({
      status: 'trialing',
    });
  });
  it('R29: of equal rank is up, and now', async () => {
    const kim = await someone();
    await assign(sql, '2026-01-01T00:00:00Z', { customer: kim, plan: 'pro', collection: 'complimentary' });
    const same = { customer: kim, plan: 'trial', collection: 'complimentary' } as const;
    expect(await assign(sql, '2026-01-02T00:00:00Z', same)).toMatchObject({
      action: 'upgrade',
      plan: 'trial',
    });
  });
  it('R30: is now, a full period from now, usage anew, the unused days of the old price taken off', async () => {
    const lea = await someone();
    await assign(sql, '2026-01-01T00:00:00Z', { customer: lea, plan: 'pro' });
    await sql`select subctl.record_usage(${lea}, 'message', as_of => '2026-01-05T00:00:00Z', quantity => 7)`;
    const done = await assign(sql, '2026-01-11T08:00:00Z', { customer: lea, plan: 'max' });
    expect(done).toMatchObject({
      action: 'upgrade',
      previous_plan: 'pro',
      period_end: new Date('2026-02-11T08:00:00Z'),
    });
    // 29.99 for 31 days, 21 of them left: 20.3158…; 99.99 less that is 79.6742, rounded once
    expect(await invoices(lea)).toMatchObject([
      { total: '29.99' },
      { total: '79.67', lines: ['99.99', '-20.32'] },
    ]);
    const used =
      await sql`select win, trim_scale(used)::text as used from subctl.usage_limits(${lea}, '2026-01-11T08:00:00Z') where meter_id = 'messages'`;
    expect(used).toMatchObject([{ win: 'period', used: '0' }]);
    expect(await sql`select cause, at from subctl.usage_resets where customer_id = ${lea}`).toMatchObject([
      { cause: 'upgrade' },
    ]);
    expect(await balance(lea, '2026-01-11T08:00:00Z')).toBe('500');
    expect(
      await sql`select count(*)::int as n from subctl.subscriptions where customer_id = ${lea}`,
    ).toMatchObject([{ n: 1 }]);
  });

  it('S11: what it was before can still be read', async () => {
    const mia = await someone();
    await assign(sql, '2026-01-01T00:00:00Z', { customer: mia, plan: 'pro' });
    await assign(sql, '2026-01-11T00:00:00Z', { customer: mia, plan: 'max' });
    const read = (at: string) =>
      sql`select plan_id, period_start, period_end from subctl_internal.effective_subscription(${mia}, ${at}::timestamptz)`;
    expect(await read('2026-01-10T23:59:59.999Z')).toMatchObject([
      { plan_id: 'pro', period_end: new Date('2026-02-01T00:00:00Z') },
    ]);
    expect(await read('2026-01-11T00:00:00Z')).toMatchObject([
      { plan_id: 'max', period_start: new Date('2026-01-11T00:00:00Z') },
    ]);
  });

  it('R32: a second way up in the period that ran then counts nothing anew and keeps the period', async () => {
    const ned = await someone();
    await assign(sql, '2026-01-01T00:00:00Z', { customer: ned, plan: 'bare' });
    await assign(sql, '2026-01-10T00:00:00Z', { customer: ned, plan: 'pro' });
    await sql`select subctl.record_usage(${ned}, 'message', as_of => '2026-01-12T00:00:00Z', quantity => 7)`;
    await pay(ned);
    const done = await assign(sql, '2026-01-20T00:00:00Z', { customer: ned, plan: 'max' });
    await pay(ned);
    expect(done).toMatchObject({
      action: 'upgrade',
      period_start: new Date('2026-01-10T00:00:00Z'),
      period_end: new Date('2026-02-10T00:00:00Z'),
    });
    const used =
      await sql`select trim_scale(used)::text as used from subctl.usage_limits(${ned}, '2026-01-20T00:00:00Z') where meter_id = 'messages'`;
    expect(used).toMatchObject([{ used: '7' }]);
    // 21 of 31 days: 99.99 × 21/31 = 67.7352, less 29.99 × 21/31 = 20.3158
    expect((await invoices(ned)).at(-1)).toMatchObject({ total: '47.42', lines: ['67.74', '-20.32'] });
    expect(await assign(sql, '2026-02-12T00:00:00Z', { customer: ned, plan: 'gift' })).toMatchObject({
      period_start: new Date('2026-02-12T00:00:00Z'),
    });
  });

  it('a plan whose usage carries keeps the period under way', async () => {
    const ora = await someone();
    await assign(sql, '2026-01-01T00:00:00Z', { customer: ora, plan: 'pro' });
    await sql`select subctl.record_usage(${ora}, 'message', as_of => '2026-01-02T00:00:00Z', quantity => 3)`;
    await assign(sql, '2026-01-14T00:00:00Z', { customer: ora, plan: 'carry' });
    const used =
      await sql`select trim_scale(used)::text as used, window_start from subctl.usage_limits(${ora}, '2026-01-14T00:00:00Z') where meter_id = 'messages'`;
    expect(used).toMatchObject([{ used: '3', window_start: new Date('2026-01-01T00:00:00Z') }]);
  });

  it('R29: monthly to yearly is up and now; the way back waits', async () => {
    const pia = await someone();
    await assign(sql, '2026-01-01T00:00:00Z', { customer: pia, plan: 'pro' });
    expect(
      await assign(sql, '2026-01-02T00:00:00Z', { customer: pia, plan: 'pro', every: '1y' }),
    ).toMatchObject({
      ...{ action: 'upgrade', period_end: new Date('2027-01-02T00:00:00Z') },
    });
    expect(
      await assign(sql, '2026-01-03T00:00:00Z', { customer: pia, plan: 'pro', every: '1mo' }),
    ).toMatchObject({ action: 'downgrade_scheduled' });
  });
});

describe('down', () => {
  it('R31: waits for the period’s end, where it takes effect by the dates alone', async () => {
    const qin = await someone();
    const collection = 'complimentary' as const;
    await assign(sql, '2026-01-01T00:00:00Z', { customer: qin, plan: 'max', collection });
    const done = await assign(sql, '2026-01-14T00:00:00Z', { customer: qin, plan: 'pro', collection });
    expect(done).toMatchObject({
      action: 'downgrade_scheduled',
      plan: 'max',
      pending_plan: 'pro',
      effective_at: new Date('2026-02-01T00:00:00Z'),
    });
    const read = (at: string) =>
      sql`select plan_id from subctl_internal.effective_subscription(${qin}, ${at}::timestamptz)`;
    expect(await read('2026-01-31T23:59:59Z')).toEqual([{ plan_id: 'max' }]);
    expect(await read('2026-02-01T00:00:00Z')).toEqual([{ plan_id: 'pro' }]);
  });

  it('builds on what the tasks have not written yet: the change that was due comes first', async () => {
    const rex = await someone();
    await assign(sql, '2026-01-01T00:00:00Z', { customer: rex, plan: 'max', collection: 'complimentary' });
    await assign(sql, '2026-01-15T00:00:00Z', { customer: rex, plan: 'pro', collection: 'complimentary' });
    await assign(sql, '2026-02-10T00:00:00Z', { customer: rex, plan: 'max', collection: 'complimentary' });
    const segments =
      await sql`select from_at, cause, plan_id from subctl.subscription_phases where customer_id = ${rex} order by from_at`;
    expect(segments).toMatchObject([
      { cause: 'new', plan_id: 'max' },
      { cause: 'downgrade', plan_id: 'pro', from_at: new Date('2026-02-01T00:00:00Z') },
      { cause: 'upgrade', plan_id: 'max', from_at: new Date('2026-02-10T00:00:00Z') },
    ]);
  });

  it('is now when that is asked, and counts nothing anew', async () => {
    const sue = await someone();
    await assign(sql, '2026-01-01T00:00:00Z', { customer: sue, plan: 'max' });
    const done = await assign(sql, '2026-01-15T00:00:00Z', { customer: sue, plan: 'free', when: 'now' });
    expect(done).toMatchObject({
      action: 'downgrade',
      plan: 'free',
      collection: 'free',
      period_start: new Date('2026-01-01T00:00:00Z'),
      invoice: null,
    });
    expect(await sql`select 1 from subctl.usage_resets where customer_id = ${sue}`).toHaveLength(0);
    expect(await balance(sue, '2026-01-15T00:00:00Z')).toBe('10');
  });
});
