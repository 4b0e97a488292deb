import { beforeAll, describe, expect, it } from 'vitest';
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

describe('a first subscription', () => {
  it('S1: begins now with its period, segment, credits, invoice, audit and change, in one transaction', async () => {
    const ann = await someone({ timezone: 'Europe/Berlin' });
    const done = await assign(sql, '2026-01-31T12:00:00Z', { customer: ann, plan: 'pro', note: 'by phone' });
    expect(done).toMatchObject({
      ...{
        action: 'new',
        plan: 'pro',
        version: 1,
        status: 'active',
        price: '29.99',
        currency: 'USD',
        collection: 'invoice',
      },
      period_start: new Date('2026-01-31T12:00:00Z'),
      period_end: new Date('2026-02-28T12:00:00Z'),
      invoice: { total: '29.99', status: 'open', due_at: new Date('2026-02-14T12:00:00Z') },
    });
    const [segment] = await sql`select * from subctl.subscription_phases where customer_id = ${ann}`;
    expect(segment).toMatchObject({
      previous_status: 'none',
      status: 'active',
      cause: 'new',
      anchor_timezone: 'Europe/Berlin',
    });
    expect(await balance(ann, '2026-01-31T12:00:00Z')).toBe('100');
    const audit = await sql`
      select a.entity, a.after, c.actor from subctl.audit_log a join subctl.changes c on c.id = a.change_id
       where a.customer_id = ${ann} and a.entity = 'subscription'`;
    expect(audit).toMatchObject([{ actor: 'tester', after: { plan: 'pro', status: 'active' } }]);
  });

  it('S8: keeps who assigned it and the note', async () => {
    const bob = await someone();
    await assign(sql, '2026-01-01T00:00:00Z', { customer: bob, plan: 'pro', note: 'friend of the house' });
    const rows = await sql`select assigned_by, note from subctl.subscriptions where customer_id = ${bob}`;
    expect(rows).toMatchObject([{ assigned_by: 'tester', note: 'friend of the house' }]);
  });

  it('S19: a free one renews for ever and asks for no money', async () => {
    const cat = await someone();
    const done = await assign(sql, '2026-01-01T00:00:00Z', { customer: cat, plan: 'free' });
    expect(done).toMatchObject({ collection: 'free', auto_renew: true, invoice: null });
    const [far] =
      await sql`select status, ends_at from subctl_internal.effective_subscription(${cat}, '2031-06-01T00:00:00Z')`;
    expect(far).toEqual({ status: 'active', ends_at: null });
  });

  it('S17: a trial comes first, without an invoice, and once per customer', async () => {
    const dan = await someone({ timezone: 'America/New_York' });
    const done = await assign(sql, '2026-03-01T12:00:00Z', { customer: dan, plan: 'trial' });
    // fourteen local days: the clock goes forward on the 8th
    expect(done).toMatchObject({
      status: 'trialing',
      period_end: new Date('2026-03-15T11:00:00Z'),
      invoice: null,
    });
    await sql`select subctl_internal.end_subscriptions(array[customer_id::text], array[id], array['2026-03-10Z'::timestamptz], array['canceled'], 'cancel', array[null], '2026-03-10Z', null)
                from subctl.subscriptions where customer_id = ${dan}`;
    await sql`update subctl.subscriptions set status = 'canceled', ended_at = '2026-03-10Z' where customer_id = ${dan} and ended_at is null`;
    expect(await assign(sql, '2026-04-01T00:00:00Z', { customer: dan, plan: 'trial' })).toMatchObject({
      status: 'active',
    });
  });

  it('takes the price of the customer’s currency, and refuses where there is none, naming what there is', async () => {
    const eve = await someone({ currency: 'EUR' });
    expect(await assign(sql, '2026-01-01T00:00:00Z', { customer: eve, plan: 'pro' })).toMatchObject({
      price: '27.99',
      currency: 'EUR',
    });
    const fay = await someone({ currency: 'EUR' });
    await expect(assign(sql, '2026-01-01T00:00:00Z', { customer: fay, plan: 'max' })).rejects.toMatchObject({
      kind: 'refused',
      message: 'Plan max has no price per 1mo in EUR: it has 99.99 USD per 1mo',
    });
    await expect(
      assign(sql, '2026-01-01T00:00:00Z', { customer: fay, plan: 'pro', every: '2w' }),
    ).rejects.toThrow(/per 2w.*29.99 USD per 1mo/);
  });

  it('without a price it is complimentary, and by Stripe it is refused plainly', async () => {
    const gil = await someone();
    await expect(
      assign(sql, '2026-01-01T00:00:00Z', { customer: gil, plan: 'pro', collection: 'stripe' }),
    ).rejects.toMatchObject({ kind: 'config' });
    await expect(
      assign(sql, '2026-01-01T00:00:00Z', { customer: gil, plan: 'gift', collection: 'invoice' }),
    ).rejects.toMatchObject({ kind: 'refused' });
    expect(await assign(sql, '2026-01-01T00:00:00Z', { customer: gil, plan: 'gift' })).toMatchObject({
      collection: 'complimentary',
      invoice: null,
    });
  });

  it('P3: an inactive plan is refused for new subscribers', async () => {
    const hal = await someone();
    await expect(assign(sql, '2026-01-01T00:00:00Z', { customer: hal, plan: 'old' })).rejects.toMatchObject({
      kind: 'refused',
    });
  });

  it('refuses unknown customers and plans with what was probably meant', async () => {
    const ida = await someone();
    await expect(
      assign(sql, '2026-01-01T00:00:00Z', { customer: 'nobody', plan: 'pro' }),
    ).rejects.toMatchObject({ kind: 'not_found' });
    await expect(assign(sql, '2026-01-01T00:00:00Z', { customer: ida, plan: 'poro' })).rejects.toThrow(
      /did you mean pro/,
    );
  });

  it('ends within its first period when that is asked', async () => {
    const jan = await someone();
    const endsAt = new Date('2026-01-20T00:00:00Z');
    expect(await assign(sql, '2026-01-01T00:00:00Z', { customer: jan, plan: 'pro', endsAt })).toMatchObject({
      period_end: endsAt,
      auto_renew: false,
    });
  });
});

it('what costs money is refused while something is unpaid', async () => {
  const uma = await someone();
  await assign(sql, '2026-01-01T00:00:00Z', { customer: uma, plan: 'pro' });
  await expect(assign(sql, '2026-01-15T00:00:00Z', { customer: uma, plan: 'max' })).rejects.toThrow(
    /past due/,
  );
  expect(await assign(sql, '2026-01-16T00:00:00Z', { customer: uma, plan: 'free' })).toMatchObject({
    action: 'downgrade',
    status: 'active',
  });
});

it('P10: a plan with too few seats is refused with the members', async () => {
  const org = await someone({ kind: 'group' });
  await assign(sql, '2026-01-01T00:00:00Z', { customer: org, plan: 'max' });
  await sql`insert into subctl.members (customer_id, member_id, joined_at) select ${org}, 'm' || n, '2026-01-01' from generate_series(1, 4) n`;
  await expect(assign(sql, '2026-01-02T00:00:00Z', { customer: org, plan: 'pro' })).rejects.toThrow(
    /allows 3 members and .* has 4: m1, m2, m3, m4/,
  );
});

it('what happened later cannot be overtaken by an earlier --as-of', async () => {
  const tom = await someone();
  await assign(sql, '2026-01-10T00:00:00Z', { customer: tom, plan: 'pro' });
  await expect(assign(sql, '2026-01-05T00:00:00Z', { customer: tom, plan: 'max' })).rejects.toMatchObject({
    kind: 'refused',
  });
});
