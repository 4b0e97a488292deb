import type Stripe from 'stripe';
import type { Change } from '../database/change.ts';
import type { Db } from '../database/connect.ts';
import { idOf } from '../payments/stripe-values.ts';
import { endDeleted, noteDeleted } from './end-deleted.ts';
import type { IsolatedWriter } from './isolated-writer.ts';
import { disputeOf, type FoundDispute, writeDispute } from './mirror-dispute.ts';
import { mirrorInvoice } from './mirror-invoice.ts';
import { mirrorMethod } from './mirror-method.ts';
import { mirrorOwnPayment } from './mirror-own-payment.ts';
import { mirrorPayment } from './mirror-payment.ts';
import { mirrorSubscription } from './mirror-subscription.ts';
import { listStripePrices } from './prices.ts';
import { readInvoice } from './read-invoice.ts';
import { readCharge, readIntent, type StripePayment } from './read-payment.ts';
import type { StripeSide } from './read-stripe.ts';
import { readSubscription } from './read-subscription.ts';
import { type Facts, factsOfDispute, factsOfInvoice, factsOfPayment } from './stripe-facts.ts';

interface Apply {
  customer: string;
  stripeCustomer: string;
  at: Date;
  side: StripeSide;
  /** those that events are about */
  disputes: readonly FoundDispute[];
}

/**
 * Applies what Stripe has to this database, object by object, and returns what Stripe says about money, to be compared with what is
 * stored.
 */
export async function applySide(separately: IsolatedWriter, change: Change, asked: Apply): Promise<Facts> {
  await applySubscriptions(separately, change, asked);
  const facts = [
    ...(await applyInvoices(separately, change, asked)),
    ...(await applyOwnPayments(separately, change, asked)),
    ...(await applyDisputes(separately, asked)),
  ];
  await separately.write(asked.stripeCustomer, (tx) => applyMethod(tx, change, asked));
  return Object.assign({}, ...facts) as Facts;
}

async function applySubscriptions(
  separately: IsolatedWriter,
  change: Change,
  { customer, at, side }: Apply,
): Promise<void> {
  for (const one of side.subscriptions)
    await separately.write(one.id, async (tx) => {
      const found = readSubscription(one, await listStripePrices(tx));
      if (found) await mirrorSubscription(tx, change, { customer, found, at });
    });
  const there = side.subscriptions.map(({ id }) => id);
  if (side.isDeleted)
    await separately.write('customer', (tx) => endDeleted(tx, change, { customer, there, at }));
}

async function applyInvoices(
  separately: IsolatedWriter,
  change: Change,
  { customer, side }: Apply,
): Promise<Facts[]> {
  const facts: Facts[] = [];
  for (const invoice of side.invoices) {
    const found = await separately.write(invoice.id, async (tx) => {
      const read = readInvoice(invoice);
      return read && { read, id: await mirrorInvoice(tx, change, { customer, invoice, found: read }) };
    });
    if (!found) continue;
    facts.push(factsOfInvoice(found.read));
    for (const { payment } of invoice.payments?.data ?? []) {
      const id = idOf(payment.payment_intent) ?? idOf(payment.charge);
      if (id === undefined) continue;
      const attempt = Math.max(1, invoice.attempt_count);
      const paid = await separately.write(id, async (tx) => {
        const read = readPayment(side, id);
        if (read) await mirrorPayment(tx, change, { customer, invoice: found.id, found: read, attempt });
        return read;
      });
      if (paid) facts.push(factsOfPayment(paid));
    }
  }
  return facts;
}

function readPayment({ intents, charges, refunds }: StripeSide, id: string): StripePayment | undefined {
  const [intent, charge] = [intents.get(id), charges.get(id)];
  const back = refunds.get(id) ?? [];
  return intent ? readIntent(intent, back) : charge && readCharge(charge, back);
}

/** Intents that subctl created for its own invoices: no other object at Stripe names them. */
async function applyOwnPayments(
  separately: IsolatedWriter,
  change: Change,
  { customer, at, side }: Apply,
): Promise<Facts[]> {
  const facts: Facts[] = [];
  const ofInvoices = new Set(side.invoices.flatMap(paymentsOf));
  for (const { id } of side.intents.values()) {
    if (ofInvoices.has(id)) continue;
    const found = await separately.write(id, async (tx) => {
      if (!(await isOurs(tx, customer, id))) return undefined;
      const read = readPayment(side, id);
      if (read) await mirrorOwnPayment(tx, change, { customer, found: read, at });
      return read;
    });
    if (found) facts.push(factsOfPayment(found, 'own'));
  }
  return facts;
}

const paymentsOf = (invoice: Stripe.Invoice): (string | undefined)[] =>
  (invoice.payments?.data ?? []).map(({ payment }) => idOf(payment.payment_intent));

async function isOurs(tx: Db, customer: string, id: string): Promise<boolean> {
  const rows = await tx`
    select 1 from subctl.payments where customer_id = ${customer} and provider = 'stripe' and provider_id = ${id} and reference <> ${id} limit 1`;
  return rows.length > 0;
}

/** An object that an event named was read before the full read, which is newer. */
async function applyDisputes(
  separately: IsolatedWriter,
  { customer, at, side, disputes }: Apply,
): Promise<Facts[]> {
  const facts: Facts[] = [];
  for (const one of new Map([...disputes, ...side.disputes].map((each) => [each.found.id, each])).values()) {
    const dispute = await separately.write(one.found.id, async (tx) => {
      const read = disputeOf(one);
      await writeDispute(tx, { customer, dispute: read, at });
      return read;
    });
    if (dispute) facts.push(factsOfDispute(dispute));
  }
  return facts;
}

/** A customer at Stripe that this one was linked with before does not determine its payment method. */
async function applyMethod(
  tx: Db,
  change: Change,
  { customer, stripeCustomer, at, side }: Apply,
): Promise<void> {
  const [row] = await tx`
    select 1 from subctl.customers where id = ${customer} and stripe_customer_id = ${stripeCustomer}`;
  if (!row) return;
  await mirrorMethod(tx, change, { customer, method: side.method, at });
  if (side.isDeleted) await noteDeleted(tx, customer, stripeCustomer);
}
