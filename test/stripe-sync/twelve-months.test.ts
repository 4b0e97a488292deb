import { expect, it } from 'vitest';
import { processEvents } from '../../src/stripe-sync/process-events.ts';
import { receiveEvent } from '../../src/stripe-sync/inbox.ts';
import { openStripe } from '../../src/payments/stripe-account.ts';
import { createRefund } from '../stripe-server/charges.ts';
import { changeCard } from '../stripe-server/methods.ts';
import { completeCheckout } from '../stripe-server/sessions.ts';
import { startStripe } from '../stripe-server/start.ts';
import { loadPreset } from '../support/catalogue.ts';
import { testDatabase } from '../support/database.ts';
import { addOne } from '../support/plans.ts';
import { ensureStripeCustomer, makeOffer, openCheckout } from '../../src/stripe-sync/checkout.ts';
import { stripeGateway } from '../../src/payments/stripe.ts';
import { runTask } from '../../src/tasks/run-task.ts';
import { stripeReconcile } from '../../src/tasks/stripe-reconcile.ts';
import { priceOf, syncPlans, writerAt } from './fixture.ts';

const { sql } = await testDatabase();
const { world, url } = await startStripe('2026-01-31T12:00:00Z');
const account = openStripe({ secretKey: 'sk_test_subctl', apiUrl: url, perSecond: 5000 });
const { client } = account;
await loadPreset(sql, 'omnifin');
await syncPlans(sql, account);

const group = 'brightline';
let told = world.events().length;

/** Time passes at Stripe; what it sends comes at once, and the night's comparison finds nothing that was missed. */
async function until(clock: string, time: string) {
  await client.testHelpers.testClocks.advance(clock, { frozen_time: new Date(time).getTime() / 1000 });
  await hear(time);
}
async function hear(time: string) {
  const at = new Date(time);
  const events = world.events().slice(told);
  told += events.length;
  for (const event of events) await receiveEvent(sql, event, at);
  const done = await processEvents(sql, account, writerAt(sql, at), { now: at });
  expect(done.filter(({ status }) => status === 'failed')).toEqual([]);
  const services = { stripe: async () => account } as never;
  const report = await runTask(sql, {
    task: stripeReconcile(services),
    ask: {},
    now: at,
    mode: 'named',
    trigger: 'test',
    actor: 'tester',
  });
  expect(report).toMatchObject({ done: 0, parked: 0 });
}
const use = async (tokens: number, at: string) => {
  const [row] = await sql<
    [
      {
        answer: {
          allowed: boolean;
          limits: { meter: string; used: string }[];
          alerts: { threshold: string }[];
        };
      },
    ]
  >`
    select subctl.record_usage(customer => ${group}, kind => 'llm', quantity => ${tokens}, input_tokens => ${tokens}, at => ${at}, as_of => ${at}) as answer`;
  return row.answer;
};
/** A new card in the portal is the one that the subscription is paid with. */
const enterCard = async (customer: string, card: string) => {
  const method = changeCard(world, customer, card);
  const [subscription] = (await client.subscriptions.list({ customer })).data;
  await client.subscriptions.update(subscription!.id, { default_payment_method: method.id });
};
const standing = async (at: string) => {
  const [row] =
    await sql`select plan_id as plan, status, access, period_start, period_end from subctl_internal.effective_subscription(${group}, ${at})`;
  return row;
};

it('a year of an Omnifin group: buy 29.99, use, warn at 80 %, renew over month ends and DST, fail, recover, upgrade, be paid back, cancel', async () => {
  // the clock of the wall goes forward and back on the way: Stripe counts in UTC, and its bounds are taken as they are
  await addOne(
    sql,
    { id: group, kind: 'group', timezone: 'America/New_York' },
    new Date('2026-01-31T12:00:00Z'),
  );
  const clock = await client.testHelpers.testClocks.create({
    frozen_time: new Date('2026-01-31T12:00:00Z').getTime() / 1000,
  });
  const made = await client.customers.create({
    test_clock: clock.id,
    metadata: { subctl_customer: group },
  });
  const asked = {
    customer: group,
    plan: 'basic',
    returnUrl: 'https://omnifin.example.org',
    promotions: false,
  };
  const now = new Date('2026-01-31T12:00:00Z');
  const offer = await makeOffer(sql, asked);
  const stripeCustomer = await ensureStripeCustomer(sql, stripeGateway(account), writerAt(sql, now), group);
  expect(stripeCustomer).toBe(made.id);
  const page = await openCheckout(sql, account, {
    offer: { ...offer, trialDays: 0 },
    stripeCustomer,
    ...asked,
  });
  completeCheckout(world, page.session, 'pm_card_visa');
  await hear('2026-01-31T12:00:30Z');
  expect(await standing('2026-01-31T12:01:00Z')).toMatchObject({
    plan: 'basic',
    status: 'active',
    access: true,
    period_end: new Date('2026-02-28T12:00:00Z'),
  });
  await expect(makeOffer(sql, asked)).rejects.toMatchObject({ kind: 'refused' });

  // 79,999 is no warning, 80,000 is, 100,000 is the limit, one more is refused
  expect((await use(79_999, '2026-02-10T09:00:00Z')).alerts).toEqual([]);
  expect((await use(1, '2026-02-10T09:01:00Z')).alerts).toMatchObject([{ threshold: '80' }]);
  expect(await use(20_000, '2026-02-20T09:00:00Z')).toMatchObject({ allowed: true });
  expect(await use(1, '2026-02-28T11:59:59Z')).toMatchObject({ allowed: false });

  await until(clock.id, '2026-02-28T14:00:00Z');
  expect(await use(1, '2026-02-28T14:00:00Z')).toMatchObject({ allowed: true });
  await until(clock.id, '2026-03-31T14:00:00Z'); // DST began on the 8th
  expect(await standing('2026-03-31T14:00:00Z')).toMatchObject({
    period_start: new Date('2026-03-31T12:00:00Z'),
    period_end: new Date('2026-04-30T12:00:00Z'),
  });

  // April: the card is refused, access stays, the second try a day later goes through with a new card, and the anchor is what it was
  await enterCard(stripeCustomer, 'pm_card_chargeCustomerFail');
  await until(clock.id, '2026-04-30T14:00:00Z');
  expect(await standing('2026-04-30T14:00:00Z')).toMatchObject({ status: 'past_due', access: true });
  await enterCard(stripeCustomer, 'pm_card_visa');
  await until(clock.id, '2026-05-01T14:00:00Z');
  expect(await standing('2026-05-01T14:00:00Z')).toMatchObject({
    status: 'active',
    period_end: new Date('2026-05-31T12:00:00Z'),
  });
  for (const month of ['2026-05-31', '2026-06-30', '2026-07-31', '2026-08-31'])
    await until(clock.id, `${month}T14:00:00Z`);

  // half of the thirty days before 30 September: 15 × (79.99 − 29.99) / 30
  await until(clock.id, '2026-09-15T12:00:00Z');
  const [subscription] = (await client.subscriptions.list({ customer: stripeCustomer })).data;
  await client.subscriptions.update(subscription!.id, {
    items: [{ id: subscription!.items.data[0]!.id, price: await priceOf(sql, 'professional') }],
    proration_behavior: 'always_invoice',
  });
  await hear('2026-09-15T12:00:05Z');
  expect(await standing('2026-09-15T12:00:05Z')).toMatchObject({
    plan: 'professional',
    period_end: new Date('2026-09-30T12:00:00Z'),
  });

  await until(clock.id, '2026-09-30T14:00:00Z');
  await until(clock.id, '2026-10-31T14:00:00Z');
  const [last] = world.list(
    'payment_intent',
    (intent) => intent.customer === stripeCustomer && intent.status === 'succeeded',
  );
  createRefund(world, { payment_intent: last!.id, amount: '2000' });
  await hear('2026-11-02T09:00:00Z'); // DST ended on the 1st
  await until(clock.id, '2026-11-30T14:00:00Z');
  await client.subscriptions.update(subscription!.id, { cancel_at_period_end: true });
  await hear('2026-12-01T09:00:00Z');
  expect(await standing('2026-12-31T11:59:59Z')).toMatchObject({ plan: 'professional', access: true });
  await until(clock.id, '2026-12-31T14:00:00Z');
  expect(await standing('2026-12-31T14:00:00Z')).toMatchObject({ access: false });

  const ledger = await sql`
    select to_char(i.period_start at time zone 'UTC', 'YYYY-MM-DD HH24:MI') || ' ' || to_char(i.period_end at time zone 'UTC', 'YYYY-MM-DD HH24:MI') as period,
           i.status, trim_scale(i.total)::text as total, p.status as payment, p.amount_minor::text as paid, p.refunded_minor::text as back
      from subctl.invoices i left join subctl.payments p on p.customer_id = i.customer_id and p.invoice_id = i.id
     where i.customer_id = ${group} order by i.issued_at`;
  expect(ledger).toEqual(
    byHand.map(([period, total, payment, paid, back]) => ({
      period,
      status: 'paid',
      total,
      payment,
      paid,
      back,
    })),
  );
  const charges = world.list('charge', (charge) => charge.customer === stripeCustomer && charge.paid);
  const kept = charges.reduce((sum, { amount, amount_refunded: back }) => sum + amount - back, 0);
  expect(kept).toBe(8 * 2999 + 2500 + 3 * 7999 - 2000);
  expect(
    await sql`select sum(amount_minor - refunded_minor)::text as kept from subctl.payments where customer_id = ${group}`,
  ).toEqual([{ kept: String(kept) }]);
});

/** Period, total, payment, cents paid, cents given back: written by hand. */
const byHand: [string, string, string, string, string][] = [
  ['2026-01-31 12:00 2026-02-28 12:00', '29.99', 'paid', '2999', '0'],
  ['2026-02-28 12:00 2026-03-31 12:00', '29.99', 'paid', '2999', '0'],
  ['2026-03-31 12:00 2026-04-30 12:00', '29.99', 'paid', '2999', '0'],
  ['2026-04-30 12:00 2026-05-31 12:00', '29.99', 'paid', '2999', '0'],
  ['2026-05-31 12:00 2026-06-30 12:00', '29.99', 'paid', '2999', '0'],
  ['2026-06-30 12:00 2026-07-31 12:00', '29.99', 'paid', '2999', '0'],
  ['2026-07-31 12:00 2026-08-31 12:00', '29.99', 'paid', '2999', '0'],
  ['2026-08-31 12:00 2026-09-30 12:00', '29.99', 'paid', '2999', '0'],
  ['2026-09-15 12:00 2026-09-15 12:00', '25', 'paid', '2500', '0'],
  ['2026-09-30 12:00 2026-10-31 12:00', '79.99', 'paid', '7999', '0'],
  ['2026-10-31 12:00 2026-11-30 12:00', '79.99', 'partially_refunded', '7999', '2000'],
  ['2026-11-30 12:00 2026-12-31 12:00', '79.99', 'paid', '7999', '0'],
];
