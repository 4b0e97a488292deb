import { beforeAll, describe, expect, it } from 'vitest';
import { findAttempt } from '../../src/billing/charge.ts';
import { chargeOrder } from '../../src/billing/charge-order.ts';
import { placeOrder } from '../../src/billing/order.ts';
import { runChecks } from '../../src/integrity/run-checks.ts';
import { recordChange } from '../../src/database/change.ts';
import { inTransaction } from '../../src/database/transaction.ts';
import { authenticate } from '../stripe-server/intents.ts';
import { changeCard } from '../stripe-server/methods.ts';
import { testDatabase } from '../support/database.ts';
import { assign, loadLadder } from '../support/plans.ts';
import { programOn } from '../support/program.ts';
import { paying } from './paying.ts';

const { sql, env } = await testDatabase();
const stripe = await paying(sql);
const { world, faults, payer, renew, taken, story, gateway } = stripe;
const { say } = programOn({ ...env, ...stripe.env });
beforeAll(() => loadLadder(sql));

const head = async (customer: string) =>
  (
    await sql`select plan_id as plan, status, current_period_start as start, current_period_end as end from subctl.subscriptions
               where customer_id = ${customer} and ended_at is null`
  )[0];

describe('a plan that is charged', () => {
  it('begins when it is paid: one payment, one paid invoice', async () => {
    const { id, stripe: cus } = await payer('pm_card_visa', '2026-01-31T12:00:00Z');
    const done = await say(`assign ${id} pro --collection charge --as-of 2026-01-31T12:00:00Z`);
    expect(done).toMatchObject({ code: 0, stderr: expect.stringContaining(`${id} now has pro`) as string });
    expect(await story(id)).toMatchObject({
      status: 'active',
      invoices: [{ status: 'paid', total: '29.99' }],
      payments: [{ status: 'paid' }],
    });
    expect(taken(cus)).toEqual({ times: 1, cents: 2999 });
    await renew('2026-01-31T13:00:00Z');
    expect(taken(cus).times).toBe(1);
  });

  it('declined is no subscription, and exit 4', async () => {
    const { id } = await payer('pm_card_visa_chargeDeclined', '2026-01-31T12:00:00Z');
    expect(await say(`assign ${id} pro --collection charge --as-of 2026-01-31T12:00:00Z`)).toMatchObject({
      code: 4,
    });
    expect(await story(id)).toMatchObject({
      status: undefined,
      invoices: [],
      payments: [{ status: 'declined' }],
    });
  });

  it('R33, G47: an upgrade whose payment fails leaves the old plan as it was, to the row; one that is paid is R30', async () => {
    const { id, stripe: cus } = await payer('pm_card_visa', '2026-01-01T00:00:00Z');
    await say(`assign ${id} pro --collection charge --as-of 2026-01-01`);
    await sql`select subctl.record_usage(${id}, 'message', as_of => '2026-01-05T00:00:00Z', quantity => 7)`;
    const rows = () => sql`
      select (select jsonb_agg(to_jsonb(s)) from subctl.subscriptions s where s.customer_id = ${id}) as heads,
             (select jsonb_agg(to_jsonb(g)) from subctl.subscription_phases g where g.customer_id = ${id}) as segments,
             (select jsonb_agg(to_jsonb(u)) from subctl.customer_windows u where u.customer_id = ${id}) as usage,
             (select jsonb_agg(to_jsonb(c)) from subctl.credit_grants c where c.customer_id = ${id}) as grants,
             (select jsonb_agg(to_jsonb(i)) from subctl.invoices i where i.customer_id = ${id}) as invoices`;
    const before = await rows();
    changeCard(world, cus, 'pm_card_visa_chargeDeclinedInsufficientFunds');
    const failed = await say(`assign ${id} max --as-of 2026-01-11`);
    expect(failed).toMatchObject({ code: 4, stderr: expect.stringContaining('is unchanged') as string });
    expect(await rows()).toEqual(before);

    changeCard(world, cus, 'pm_card_visa');
    expect((await say(`assign ${id} max --as-of 2026-01-11`)).code).toBe(0);
    expect(await head(id)).toMatchObject({ plan: 'max', end: new Date('2026-02-11T00:00:00Z') });
    // 29.99 for 31 days, 21 of them left: 20.3158…; 99.99 less that is 79.67
    expect(taken(cus)).toEqual({ times: 2, cents: 2999 + 7967 });
  });

  it('S17: a trial begins without a payment', async () => {
    const { id, stripe: cus } = await payer('pm_card_visa', '2026-01-01T00:00:00Z');
    expect((await say(`assign ${id} trial --collection charge --as-of 2026-01-01`)).code).toBe(0);
    expect(await story(id)).toMatchObject({ status: 'trialing', payments: [] });
    expect(taken(cus).times).toBe(0);
  });

  it('waits for 3-D Secure: exit 7, a second order is refused, and it begins when the customer was there', async () => {
    const { id, stripe: cus } = await payer('pm_card_authenticationRequired', '2026-01-01T00:00:00Z');
    const waits = await say(`assign ${id} pro --collection charge --as-of 2026-01-01T10:00:00Z`);
    expect(waits).toMatchObject({
      code: 7,
      stderr: expect.stringContaining('https://hooks.stripe.test/3ds/') as string,
    });
    expect(await story(id)).toMatchObject({ status: undefined, notices: ['payment_action'] });
    expect((await say(`assign ${id} max --collection charge --as-of 2026-01-01T11:00:00Z`)).code).toBe(4);
    const [intent] = world.list('payment_intent', ({ customer }) => customer === cus);
    authenticate(world, intent!.id);
    await renew('2026-01-02T10:00:00Z', { customer: id });
    expect(await head(id)).toMatchObject({ plan: 'pro', start: new Date('2026-01-02T10:00:00Z') });
    expect(await story(id)).toMatchObject({ invoices: [{ status: 'paid' }], payments: [{ status: 'paid' }] });
  });

  it('waits a day and no longer', async () => {
    const { id, stripe: cus } = await payer('pm_card_authenticationRequired', '2026-01-01T00:00:00Z');
    await say(`assign ${id} pro --collection charge --as-of 2026-01-01T10:00:00Z`);
    await renew('2026-01-03T10:00:00Z', { customer: id });
    const [intent] = world.list('payment_intent', ({ customer }) => customer === cus);
    expect(intent!.status).toBe('canceled');
    expect(await story(id)).toMatchObject({ status: undefined, payments: [{ status: 'declined' }] });
  });
});

describe('what breaks while it is bought', () => {
  it('defect 67: a connection that ends after the charge: paid once, and the plan begins with the next run', async () => {
    const { id, stripe: cus } = await payer('pm_card_visa', '2026-01-01T00:00:00Z');
    faults.plan({ kind: 'lost', line: /POST \/v1\/payment_intents/, times: 3 });
    const lost = await say(`assign ${id} pro --collection charge --as-of 2026-01-01T10:00:00Z`);
    faults.clear();
    if (lost.code !== 0) {
      expect(lost.code).toBe(6);
      await renew('2026-01-01T10:05:00Z', { customer: id });
    }
    expect(await head(id)).toMatchObject({ plan: 'pro' });
    expect(taken(cus)).toEqual({ times: 1, cents: 2999 });
  });

  it('the subscription changed while it was paid for: the money goes back, and nothing else changes', async () => {
    const { id, stripe: cus } = await payer('pm_card_visa', '2026-01-01T00:00:00Z');
    const at = new Date('2026-01-11T00:00:00Z');
    await assign(sql, '2026-01-01T00:00:00Z', { customer: id, plan: 'pro', collection: 'charge' });
    const { payment, change } = await inTransaction(sql, async (tx) => {
      const made = await recordChange(tx, { now: at, actor: 'tester', action: 'assign' });
      const order = await placeOrder(tx, made, { asked: { customer: id, plan: 'max' }, provider: 'stripe' });
      return { payment: order.payment!, change: made };
    });
    expect(await findAttempt(sql, { customer: id, payment, change })).toMatchObject({ currency: 'USD' });
    await assign(sql, '2026-01-11T00:00:00Z', { customer: id, plan: 'max' });
    const done = await chargeOrder(sql, {
      customer: id,
      payment,
      change,
      gateway,
      later: () => Promise.resolve(at),
    });
    expect(done).toMatchObject({
      outcome: { status: 'paid' },
      givenBack: expect.stringContaining('price is zero now') as string,
    });
    expect(world.list('refund').at(-1)).toMatchObject({ amount: taken(cus).cents });
    expect(await sql`select status from subctl.payments where id = ${payment}`).toEqual([
      { status: 'refunded' },
    ]);
  });
});

it('an admin of a group buys once: all members have it, a second purchase and one by others are refused', async () => {
  const { id, stripe: cus } = await payer('pm_card_visa', '2026-01-01T00:00:00Z');
  await sql`update subctl.customers set kind = 'group' where id = ${id}`;
  await say(`members add ${id} mia --role admin --as-of 2026-01-01`);
  await say(`members add ${id} moe --as-of 2026-01-01`);
  const line = (buyer: string) => `assign ${id} pro --collection charge --buyer ${buyer} --as-of 2026-01-02`;
  expect(await say(line('moe'))).toMatchObject({
    code: 4,
    stderr: expect.stringContaining('only its admins') as string,
  });
  expect(await say(line('eve'))).toMatchObject({
    code: 4,
    stderr: expect.stringContaining('not in') as string,
  });
  expect((await say(line('mia'))).code).toBe(0);
  expect(await say(line('mia'))).toMatchObject({
    code: 4,
    stderr: expect.stringContaining('already has pro') as string,
  });
  expect(taken(cus)).toEqual({ times: 1, cents: 2999 });
  for (const member of ['mia', 'moe'])
    expect(
      (
        await sql`select subctl.check_usage(${id}, 'message', as_of => '2026-01-03T00:00:00Z', member => ${member}) as a`
      )[0]!['a'],
    ).toMatchObject({ allowed: true });
});

it('N14: what Stripe took, Stripe gives back, once', async () => {
  const { id, stripe: cus } = await payer('pm_card_visa', '2026-01-01T00:00:00Z');
  await say(`assign ${id} pro --collection charge --as-of 2026-01-01`);
  const [{ number }] = await sql<
    [{ number: string }]
  >`select number from subctl.invoices where customer_id = ${id}`;
  const line = `invoices refund ${number} --amount 9.99 --reference R1 --yes --as-of 2026-01-02`;
  expect((await say(line)).code).toBe(0);
  expect((await say(line)).code).toBe(0);
  const [charge] = world.list('charge', ({ customer }) => customer === cus);
  expect(charge!.amount_refunded).toBe(999);
  expect(await story(id)).toMatchObject({ payments: [{ status: 'partially_refunded' }] });
});

it('R45: after all of it the books are right', async () => {
  const found = await inTransaction(sql, (tx) => runChecks(tx, { now: new Date('2026-02-01T00:00:00Z') }), {
    readOnly: true,
  });
  expect(
    found.filter(({ count, check }) => count > 0 && !/credits|grants|windows|parked|jobs/.test(check)),
  ).toEqual([]);
});
