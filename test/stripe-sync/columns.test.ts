import type Stripe from 'stripe';
import { describe, expect, it } from 'vitest';
import { createDispute, createRefund } from '../stripe-server/charges.ts';
import { noteCredit } from '../stripe-server/settlements.ts';
import { subctl } from '../support/cli.ts';
import { collectInvoice, draftInvoice, finalizeInvoice } from '../stripe-server/invoices.ts';
import { changeCard } from '../stripe-server/methods.ts';
import { priceOf, startMirror } from './fixture.ts';

const { sql, env, world, client, newSubscriber, sync } = await startMirror();
const at = '2026-02-02T00:00:00Z';
const later = '2026-02-03T00:00:00Z';
const day = 86_400;

/** A subscriber whose payment was given back in part and is disputed, with all of Stripe's objects. */
async function mirrored() {
  const buyer = await newSubscriber();
  const [intent] = world.list('payment_intent', (each) => each.customer === buyer.stripeCustomer);
  const [invoice] = world.list('invoice', (each) => each.customer === buyer.stripeCustomer);
  const charge = world.get('charge', intent!.latest_charge as string);
  const refund = createRefund(world, { payment_intent: intent!.id, amount: '1000' });
  const dispute = createDispute(world, charge);
  await sync(buyer.id, at);
  const subscription = world.get('subscription', buyer.subscription);
  return { id: buyer.id, intent: intent!, invoice: invoice!, charge, refund, dispute, subscription };
}
type Objects = Awaited<ReturnType<typeof mirrored>>;

/** What is changed at Stripe, and the object and field that reconcile must name. */
const columns: [string, string, (all: Objects) => void][] = [
  ['payment', 'amount', ({ intent }) => void (intent.amount_received = 2000)],
  ['payment', 'currency', ({ intent }) => void (intent.currency = 'eur')],
  ['payment', 'at', ({ intent, charge }) => Object.assign(charge, { created: intent.created + day })],
  ['payment', 'status', ({ intent }) => void (intent.status = 'processing')],
  ['payment', 'refunded_minor', ({ refund }) => void (refund.amount = 500)],
  ['refund', 'amount', ({ refund }) => void (refund.amount = 500)],
  ['refund', 'status', ({ refund }) => void (refund.status = 'failed')],
  ['refund', 'currency', ({ refund }) => void (refund.currency = 'eur')],
  ['dispute', 'status', ({ dispute }) => void (dispute.status = 'lost')],
  ['dispute', 'amount', ({ dispute }) => void (dispute.amount = 1500)],
  ['dispute', 'currency', ({ dispute }) => void (dispute.currency = 'eur')],
  ['dispute', 'reason', ({ dispute }) => void (dispute.reason = 'duplicate')],
  ['dispute', 'at', ({ dispute }) => void (dispute.created += day)],
  ['invoice', 'total', ({ invoice }) => void (invoice.total = 2000)],
  [
    'invoice',
    'balance',
    ({ invoice }) => Object.assign(invoice, { ending_balance: 500, amount_due: invoice.total - 500 }),
  ],
  [
    'invoice',
    'credit_notes',
    ({ invoice }) =>
      Object.assign(invoice, { pre_payment_credit_notes_amount: 500, amount_due: invoice.total - 500 }),
  ],
  [
    'invoice',
    'out_of_band',
    ({ invoice }) => {
      for (const each of world.list('invoice_payment', ({ invoice: of }) => of === invoice.id))
        each.amount_paid = 1000;
    },
  ],
  ['invoice', 'currency', ({ invoice }) => void (invoice.currency = 'eur')],
  ['invoice', 'number', ({ invoice }) => void (invoice.number = 'OTHER-0001')],
  ['invoice', 'issued_at', ({ invoice }) => void (invoice.status_transitions.finalized_at! += day)],
  ['invoice', 'due_at', ({ invoice }) => void (invoice.due_date = invoice.created + day)],
  ['invoice', 'paid_at', ({ invoice }) => void (invoice.status_transitions.paid_at! += day)],
  ['invoice', 'status', ({ invoice }) => void (invoice.status = 'uncollectible')],
  [
    'invoice',
    'voided_at',
    ({ invoice }) =>
      Object.assign(invoice, {
        status: 'void',
        status_transitions: { ...invoice.status_transitions, voided_at: invoice.created },
      }),
  ],
  ['invoice', 'period_start', ({ invoice }) => void (invoice.lines.data[0]!.period.start -= day)],
  ['invoice', 'period_end', ({ invoice }) => void (invoice.lines.data[0]!.period.end -= day)],
  ['invoice', 'lines', ({ invoice }) => void (invoice.lines.data[0]!.description = 'Another word')],
  ['subscription', 'seats', ({ subscription }) => void (subscription.items.data[0]!.quantity = 3)],
  [
    'subscription',
    'price',
    ({ subscription }) =>
      void (subscription.items.data[0]!.price = { ...subscription.items.data[0]!.price, unit_amount: 1999 }),
  ],
  ['subscription', 'status', ({ subscription }) => void (subscription.status = 'past_due')],
  [
    'subscription',
    'period_end',
    ({ subscription }) => void (subscription.items.data[0]!.current_period_end += day),
  ],
  [
    'subscription',
    'period_start',
    ({ subscription }) => void (subscription.items.data[0]!.current_period_start += day),
  ],
  [
    'subscription',
    'cancel_at_period_end',
    ({ subscription }) => void (subscription.cancel_at_period_end = true),
  ],
  [
    'subscription',
    'canceled_at',
    ({ subscription }) => void (subscription.canceled_at = subscription.created),
  ],
  ['subscription', 'anchor', ({ subscription }) => void (subscription.billing_cycle_anchor -= day)],
  ['subscription', 'trial_end', ({ subscription }) => void (subscription.trial_end = subscription.created)],
  ['subscription', 'item', ({ subscription }) => void (subscription.items.data[0]!.id = 'si_other')],
  [
    'subscription',
    'ended_at',
    ({ subscription }) =>
      Object.assign(subscription, { status: 'canceled', ended_at: subscription.created + day }),
  ],
];

describe('S11: what is changed at Stripe is reported by reconcile and written by --apply', () => {
  it.each(columns)('S11: %s %s', async (object, field, change) => {
    const all = await mirrored();
    expect(await sync(all.id, at)).toMatchObject({ differences: [], unread: [] });
    change(all);
    const args = ['stripe', 'reconcile', '--customer', all.id, '--as-of', later, '--json'];
    const looked = await subctl(args, { env });
    expect(looked.code, looked.stderr).toBe(4);
    const found = JSON.parse(looked.stdout) as { object: string; field: string }[];
    expect(found.map((each) => `${each.object.split(' ')[0]} ${each.field}`)).toContain(`${object} ${field}`);
    expect(await subctl([...args, '--apply'], { env })).toMatchObject({ code: 0 });
    expect(await sync(all.id, later)).toMatchObject({ differences: [], unread: [] });
  });

  it('S11: the plan of a subscription', async () => {
    const all = await mirrored();
    const price = await client.prices.retrieve(await priceOf(sql, 'max'));
    all.subscription.items.data[0]!.price = price;
    const { differences } = await sync(all.id, later);
    expect(differences.map(({ field }) => field)).toEqual(expect.arrayContaining(['plan', 'price']));
    expect((await sync(all.id, later)).differences).toEqual([]);
  });

  it('S11: a payment of 30.00 that was declined and is paid with 20.00 after a credit note is 20.00', async () => {
    const { id, stripeCustomer } = await newSubscriber();
    await sync(id, at);
    changeCard(world, stripeCustomer, 'pm_card_visa_chargeDeclined');
    const period = { start: world.now, end: world.now + day };
    const line = {
      amount: 3000,
      description: 'Extra',
      quantity: 1,
      price: null,
      period,
      proration: false,
      subscriptionItem: null,
    };
    const invoice: Stripe.Invoice = draftInvoice(world, {
      customer: stripeCustomer,
      subscription: null,
      reason: 'manual',
      lines: [line],
      period,
    });
    collectInvoice(world, finalizeInvoice(world, invoice));
    await sync(id, at);
    noteCredit(world, invoice.id, 1000);
    changeCard(world, stripeCustomer, 'pm_card_visa');
    collectInvoice(world, invoice);
    const { differences } = await sync(id, later);
    expect(differences).toContainEqual(
      expect.objectContaining({ field: 'amount', here: '30', stripe: '20' }),
    );
    expect(
      await sql`
      select p.status, trim_scale(p.amount)::text as amount from subctl.payments p join subctl.invoices i on i.customer_id = p.customer_id and i.id = p.invoice_id
       where i.stripe_invoice_id = ${invoice.id}`,
    ).toEqual([{ status: 'paid', amount: '20' }]);
    const doctor = await subctl(['doctor', '--deep', '--as-of', later], { env });
    expect(doctor.stdout + doctor.stderr).not.toContain(invoice.id);
  });
});
