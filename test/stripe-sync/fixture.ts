import type Stripe from 'stripe';
import { recordChange } from '../../src/database/change.ts';
import type { Connection } from '../../src/database/connect.ts';
import { inTransaction } from '../../src/database/transaction.ts';
import { readFacts } from '../../src/stripe-sync/differences.ts';
import { receiveEvent } from '../../src/stripe-sync/inbox.ts';
import type { Writer } from '../../src/stripe-sync/mirror-customer.ts';
import { listPlanSteps } from '../../src/stripe-sync/plan-steps.ts';
import { processWaiting } from '../../src/stripe-sync/process-waiting.ts';
import { reconcile } from '../../src/stripe-sync/reconcile.ts';
import { doPlanSteps, linkedPrices, writeLinkedPrices } from '../../src/stripe-sync/sync-plans.ts';
import { openStripe, type StripeAccount } from '../../src/payments/stripe-account.ts';
import { changeCard } from '../stripe-server/methods.ts';
import type { World } from '../stripe-server/world.ts';
import { startStripe } from '../stripe-server/start.ts';
import { testDatabase } from '../support/database.ts';
import { addOne, loadLadder } from '../support/plans.ts';

/** Writes as the webhook's processor does, at an instant. */
export const writerAt =
  (sql: Connection, at: Date): Writer =>
  (work) =>
    inTransaction(sql, async (tx) =>
      work(tx, await recordChange(tx, { now: at, actor: 'stripe', action: 'stripe events' })),
    );

export const openTestStripe = (url: string): StripeAccount =>
  openStripe({ secretKey: 'sk_test_subctl', apiUrl: url, perSecond: 5000, timeoutMs: 5000 });

export async function syncPlans(sql: Connection, account: StripeAccount): Promise<void> {
  const steps = await listPlanSteps(sql, account);
  const done = await doPlanSteps(account, steps, (name) => ({ name, description: null }));
  const linked = linkedPrices(steps, done);
  await writerAt(
    sql,
    new Date('2026-01-01T00:00:00Z'),
  )((tx, change) => writeLinkedPrices(tx, change, linked));
}

export const priceOf = async (sql: Connection, plan: string, every = '1mo'): Promise<string> => {
  const [row] = await sql<{ id: string }[]>`
    select stripe_price_id as id from subctl.plan_prices where plan_id = ${plan} and "interval" = ${every} and currency = 'USD'`;
  return row!.id;
};

/** A customer of ours who is one of Stripe's, on a test clock of its own, with a card. */
export async function newBuyer(
  sql: Connection,
  { account, world }: { account: StripeAccount; world: World },
  { id, at, card = 'pm_card_visa' }: { id: string; at: string; card?: string },
) {
  const clock = await account.client.testHelpers.testClocks.create({
    frozen_time: new Date(at).getTime() / 1000,
  });
  const customer = await account.client.customers.create({
    test_clock: clock.id,
    metadata: { subctl_customer: id },
  });
  changeCard(world, customer.id, card);
  await addOne(sql, { id }, new Date(at));
  await sql`update subctl.customers set stripe_customer_id = ${customer.id} where id = ${id}`;
  return { id, clock: clock.id, stripeCustomer: customer.id };
}

export const advance = (account: StripeAccount, clock: string, to: string) =>
  account.client.testHelpers.testClocks.advance(clock, { frozen_time: new Date(to).getTime() / 1000 });

/** Takes in some events, in the order given, and processes what waits. */
export async function deliver(
  sql: Connection,
  account: StripeAccount,
  events: readonly Stripe.Event[],
  at: Date,
) {
  for (const event of events) await receiveEvent(sql, event, at);
  return processWaiting(sql, account, writerAt(sql, at), { now: at });
}

export const reconcileAll = (sql: Connection, account: StripeAccount, at: Date, customer?: string) =>
  reconcile(sql, account, writerAt(sql, at), { at, customer });

/** All of a customer that Stripe decides, and what follows from it: the same end is the same value. */
export async function endOf(sql: Connection, customer: string, at: Date): Promise<unknown> {
  const [row] = await sql`
    select (select jsonb_agg(jsonb_build_array(e.plan_id, e.status, e.access, e.reason, e.period_start, e.period_end, e.basis)) from subctl_internal.effective_subscription(${customer}, ${at}) e) as effective,
           (select coalesce(sum(g.remaining), 0)::text from subctl.credit_grants g where g.customer_id = ${customer} and g.expired_at is null) as credits,
           (select jsonb_agg(jsonb_build_array(r.period_start, r.period_end, r.outcome, r.amount) order by r.period_start) from subctl.renewals r where r.customer_id = ${customer}) as renewals`;
  return { facts: await readFacts(sql, customer), ...row };
}

/** A database with the ladder of plans, a Stripe that knows them, and what tests do with both. */
export async function startMirror(start = '2026-01-01T00:00:00Z') {
  const { sql, env } = await testDatabase();
  const stripe = await startStripe(start);
  const { world, url } = stripe;
  const account = openTestStripe(url);
  await loadLadder(sql);
  await syncPlans(sql, account);
  let count = 0;
  return {
    ...{ sql, env: { ...env, ...stripe.env }, world, account, client: account.client, stripe },
    async newSubscriber({ plan = 'pro', at = '2026-01-31T12:00:00Z', ...more }: NewSubscriber = {}) {
      const id = `buyer-${(count += 1)}`;
      const buyer = await newBuyer(
        sql,
        { account, world },
        { id, at, ...(more.card && { card: more.card }) },
      );
      const subscription = await account.client.subscriptions.create({
        customer: buyer.stripeCustomer,
        items: [{ price: await priceOf(sql, plan), quantity: more.seats ?? 1 }],
        ...(more.trial && { trial_period_days: more.trial }),
      });
      return { ...buyer, subscription: subscription.id, item: subscription.items.data[0]!.id };
    },
    sync: (customer: string, at: string) => reconcileAll(sql, account, new Date(at), customer),
    async head(customer: string) {
      const [row] = await sql`
        select status, plan_id, collection, quantity, current_period_start, current_period_end, cancel_at_period_end, trim_scale(price)::text as price, ended_at
          from subctl.subscriptions where customer_id = ${customer} order by started_at desc, id desc limit 1`;
      return row;
    },
    async access(customer: string, at: string) {
      const [row] =
        await sql`select plan_id, status, access, reason, basis from subctl_internal.effective_subscription(${customer}, ${at})`;
      return row;
    },
  };
}

interface NewSubscriber {
  plan?: string;
  at?: string;
  card?: string;
  seats?: number;
  trial?: number;
}
