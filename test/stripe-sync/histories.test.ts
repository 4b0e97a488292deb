import fc from 'fast-check';
import type Stripe from 'stripe';
import { expect, it } from 'vitest';
import type { Change } from '../../src/database/change.ts';
import type { Db } from '../../src/database/connect.ts';
import { receiveEvent } from '../../src/stripe-sync/inbox.ts';
import type { Writer } from '../../src/stripe-sync/mirror-customer.ts';
import { processEvents } from '../../src/stripe-sync/process-events.ts';
import { createRefund } from '../stripe-server/charges.ts';
import { changeCard } from '../stripe-server/methods.ts';
import { advance, endOf, newBuyer, priceOf, reconcileAll, startMirror, writerAt } from './fixture.ts';

const { sql, world, account, client } = await startMirror();

/** How many are generated; a thousand in the long run, and what the CI has time for. */
const histories = process.env['SUBCTL_LONG'] ? 1000 : 25;

const acts = [
  'renew',
  'fail',
  'recover',
  'upgrade',
  'downgrade',
  'seats',
  'cancel',
  'keep',
  'refund',
  'end',
] as const;
type Act = (typeof acts)[number];

interface History {
  acts: Act[];
  /** how each webhook fares, by turns */
  fates: ('comes' | 'twice' | 'lost' | 'late')[];
  /** the order in which what comes comes */
  seed: number;
  /** after how many writes of a processor the process dies, by turns; 0 is never */
  crashes: number[];
}

const history: fc.Arbitrary<History> = fc.record({
  acts: fc.array(fc.constantFrom(...acts), { minLength: 1, maxLength: 5 }),
  fates: fc.array(fc.constantFrom('comes', 'twice', 'lost', 'late'), { minLength: 3, maxLength: 9 }),
  seed: fc.integer({ min: 0, max: 1_000_000 }),
  crashes: fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 4 }),
});

class Crash extends Error {}

let count = 0;

it(
  `whatever becomes of the webhooks, the end after a comparison is the same (N8, N13), ${histories} histories`,
  { timeout: 3_600_000 },
  async () => {
    await fc.assert(
      fc.asyncProperty(history, async (drawn) => {
        count += 1;
        const [told, untold] = [
          await live(`told-${count}`, drawn, true),
          await live(`untold-${count}`, drawn, false),
        ];
        const names = [told, untold].map(({ names }) => names);
        expect(rename(told.end, names[0]!)).toEqual(rename(untold.end, names[1]!));
        expect(told.money).toEqual(untold.money);
        world.clear();
      }),
      { seed: 78, numRuns: histories },
    );
  },
);

/** Lives through a history at Stripe; its webhooks fare as drawn, or nobody hears of anything until the comparison at the end. */
async function live(id: string, drawn: History, isTold: boolean) {
  const first = world.events().length;
  const buyer = await newBuyer(sql, { account, world }, { id, at: '2026-01-31T12:00:00Z' });
  const { id: subscription } = await client.subscriptions.create({
    customer: buyer.stripeCustomer,
    items: [{ price: await priceOf(sql, 'pro') }],
  });
  let at = new Date('2026-01-31T12:00:00Z');
  let seen = first;
  const late: Stripe.Event[] = [];
  for (const [turn, act] of drawn.acts.entries()) {
    at = new Date(at.getTime() + 9 * 86_400_000);
    await advance(account, buyer.clock, at.toISOString());
    await perform(act, { ...buyer, subscription });
    const events = world.events().slice(seen);
    seen += events.length;
    if (isTold) await tell(events, { drawn, turn, at, late });
  }
  at = new Date(at.getTime() + 40 * 86_400_000);
  await advance(account, buyer.clock, at.toISOString());
  if (isTold) await tell(late, { drawn, turn: 0, at, late: [] });
  const done = await reconcileAll(sql, account, at, id);
  expect(done.unread).toEqual([]);
  expect((await reconcileAll(sql, account, at, id)).differences).toEqual([]);
  return {
    end: await endOf(sql, id, at),
    money: await checkMoney(id, buyer.stripeCustomer),
    names: world.events().slice(first),
  };
}

interface Telling {
  drawn: History;
  turn: number;
  at: Date;
  late: Stripe.Event[];
}

/** Some come, in another order, some twice, some late, some never; the processor dies between its writes, and is started again. */
async function tell(events: readonly Stripe.Event[], { drawn, turn, at, late }: Telling): Promise<void> {
  const { fates, seed, crashes } = drawn;
  const coming: Stripe.Event[] = [];
  events.forEach((event, n) => {
    const fate = fates[(n + turn) % fates.length]!;
    if (fate === 'late') late.push(event);
    else if (fate !== 'lost') coming.push(...(fate === 'twice' ? [event, event] : [event]));
  });
  coming.sort((a, b) => hash(a.id, seed) - hash(b.id, seed));
  for (const event of coming) await receiveEvent(sql, event, at);
  for (const limit of [crashes[turn % crashes.length]!, 0]) {
    try {
      await processEvents(sql, account, dyingAfter(limit, at), { now: at });
    } catch (error) {
      if (!(error instanceof Crash)) throw error;
    }
  }
}

/** A writer whose process dies: before its n-th transaction commits. */
function dyingAfter(limit: number, at: Date): Writer {
  const write = writerAt(sql, at);
  let writes = 0;
  return (work) => {
    writes += 1;
    if (limit === 0 || writes < limit) return write(work);
    return write(async (tx: Db, change: Change) => {
      await work(tx, change);
      throw new Crash('the process dies');
    });
  };
}

const hash = (id: string, seed: number): number =>
  [...`${id}${seed}`].reduce((sum, sign) => (sum * 31 + sign.charCodeAt(0)) % 1_000_003, seed);

async function perform(
  act: Act,
  { subscription: id, stripeCustomer }: { subscription: string; stripeCustomer: string },
): Promise<void> {
  const subscription = await client.subscriptions.retrieve(id);
  const [item] = subscription.items.data;
  if (act === 'fail') changeCard(world, stripeCustomer, 'pm_card_chargeCustomerFail');
  if (act === 'recover') changeCard(world, stripeCustomer, 'pm_card_visa');
  if (act === 'refund') {
    const [paid] = world.list(
      'payment_intent',
      (each) => each.customer === stripeCustomer && each.status === 'succeeded',
    );
    const left = paid && world.get('charge', String(paid.latest_charge));
    if (left && left.amount > left.amount_refunded)
      createRefund(world, { payment_intent: paid.id, amount: '100' });
  }
  if (['canceled', 'incomplete_expired'].includes(subscription.status)) return;
  if (act === 'cancel' || act === 'keep')
    await client.subscriptions.update(id, { cancel_at_period_end: act === 'cancel' });
  if (act === 'end') await client.subscriptions.cancel(id);
  if (act === 'seats')
    await client.subscriptions.update(id, { items: [{ id: item!.id, quantity: (item!.quantity ?? 1) + 1 }] });
  if (act === 'upgrade' || act === 'downgrade') {
    const price = await priceOf(sql, act === 'upgrade' ? 'max' : 'pro');
    await client.subscriptions.update(id, {
      items: [{ id: item!.id, price }],
      proration_behavior: 'always_invoice',
    });
  }
}

/** Paid − given back is the sum of the payments, and what the server says. */
async function checkMoney(customer: string, stripeCustomer: string): Promise<unknown> {
  const [row] = await sql`
    select coalesce(sum(amount_minor - refunded_minor) filter (where status in ('paid', 'refunded', 'partially_refunded')), 0)::text as kept, count(*)::int as payments
      from subctl.payments where customer_id = ${customer}`;
  const charges = world.list('charge', (charge) => charge.customer === stripeCustomer && charge.paid);
  const there = charges.reduce((sum, { amount, amount_refunded: back }) => sum + amount - back, 0);
  expect(row!['kept']).toBe(String(there));
  return row;
}

/** Ids differ between the two lives: each becomes its place among those of its kind. */
function rename(end: unknown, events: readonly Stripe.Event[]): unknown {
  const ids = [...new Set(JSON.stringify(events).match(/\b(sub|si|in|pi|re)_T\w+/g) ?? [])].sort();
  const places = new Map(
    ids.map((id) => [
      id,
      `${id.split('_')[0]}-${ids.filter((other) => other.split('_')[0] === id.split('_')[0]).indexOf(id)}`,
    ]),
  );
  return JSON.parse(JSON.stringify(end).replace(/\b(sub|si|in|pi|re)_T\w+/g, (id) => places.get(id) ?? id));
}
