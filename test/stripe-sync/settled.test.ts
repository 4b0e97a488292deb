import type Stripe from 'stripe';
import { describe, expect, it } from 'vitest';
import { failedChecks } from '../integrity/failed-checks.ts';
import { readInvoice } from '../../src/stripe-sync/read-invoice.ts';
import { applyCredits, noteCredit, payByCharge } from '../stripe-server/settlements.ts';
import { collectInvoice, draftInvoice, finalizeInvoice, payInvoice } from '../stripe-server/invoices.ts';
import { subctl } from '../support/cli.ts';
import { startMirror } from './fixture.ts';

const { sql, env, world, newSubscriber, sync } = await startMirror();
const at = '2026-02-02T00:00:00Z';

const period = {
  start: Date.parse('2026-02-01T00:00:00Z') / 1000,
  end: Date.parse('2026-03-01T00:00:00Z') / 1000,
};
const line = {
  amount: 3000,
  description: 'Consulting',
  quantity: 1,
  price: null,
  period,
  proration: false,
  subscriptionItem: null,
};

/** A draft of 30.00 beside the customer's subscription. */
function draft30(customer: string): Stripe.Invoice {
  return draftInvoice(world, { customer, subscription: null, reason: 'manual', lines: [line], period });
}

const wrong = async () => failedChecks(sql, new Date(at));
const settledOf = async (stripeId: string) => {
  const [row] = await sql`
    select i.status, trim_scale(i.total)::text as total, trim_scale(i.balance)::text as balance, trim_scale(i.credit_notes)::text as credit_notes,
           trim_scale(i.out_of_band)::text as out_of_band, trim_scale(coalesce(sum(k.paid), 0))::text as paid
      from subctl.invoices i left join subctl.net_payments k on k.customer_id = i.customer_id and k.invoice_id = i.id
     where i.stripe_invoice_id = ${stripeId} group by i.customer_id, i.id`;
  return row;
};
const none = { balance: '0', credit_notes: '0', out_of_band: '0' };

/** How an invoice of 30.00 is settled, and what is kept of that. */
const ways: [string, (invoice: Stripe.Invoice, customer: Stripe.Customer) => void, object][] = [
  [
    'in part from the customer’s balance',
    (invoice, customer) => {
      customer.balance = -1800;
      collectInvoice(world, finalizeInvoice(world, invoice));
    },
    { ...none, total: '30', balance: '18', paid: '12' },
  ],
  [
    'wholly from the balance',
    (invoice, customer) => {
      customer.balance = -5000;
      collectInvoice(world, finalizeInvoice(world, invoice));
      customer.balance = 0;
    },
    { ...none, total: '30', balance: '30', paid: '0' },
  ],
  [
    'with what was owed on the balance on top',
    (invoice, customer) => {
      customer.balance = 500;
      collectInvoice(world, finalizeInvoice(world, invoice));
    },
    { ...none, total: '30', balance: '-5', paid: '35' },
  ],
  [
    'out of band, without a payment',
    (invoice) => void payInvoice(world, invoice.id, undefined, true),
    { ...none, total: '30', out_of_band: '30', paid: '0' },
  ],
  [
    'by a charge of before 2019',
    (invoice) => {
      collectInvoice(world, finalizeInvoice(world, invoice));
      payByCharge(world, invoice.id);
    },
    { ...none, total: '30', paid: '30' },
  ],
  [
    'lowered by billing credits',
    (invoice) => {
      applyCredits(invoice, 500);
      collectInvoice(world, finalizeInvoice(world, invoice));
    },
    { ...none, total: '25', paid: '25' },
  ],
  [
    'lowered by a credit note before it was paid',
    (invoice) => {
      finalizeInvoice(world, invoice);
      noteCredit(world, invoice.id, 1000);
      collectInvoice(world, invoice);
    },
    { ...none, total: '30', credit_notes: '10', paid: '20' },
  ],
  [
    'with more than was due, which goes onto the balance',
    (invoice) => {
      collectInvoice(world, finalizeInvoice(world, invoice));
      const [paid] = world.list('invoice_payment', (each) => each.invoice === invoice.id);
      const intent = world.get('payment_intent', paid!.payment.payment_intent as string);
      Object.assign(intent, { amount: 4000, amount_received: 4000 });
      Object.assign(paid!, { amount_paid: 4000 });
      invoice.amount_overpaid = 1000;
    },
    { ...none, total: '30', balance: '-10', paid: '40' },
  ],
  [
    'as one of less than nothing, which goes onto the balance',
    (invoice) => {
      invoice.lines.data[0]!.amount = -3000;
      Object.assign(invoice, { total: -3000, amount_due: 0 });
      collectInvoice(world, finalizeInvoice(world, invoice));
    },
    { ...none, total: '-30', balance: '-30', paid: '0' },
  ],
];

describe('S12: an invoice that Stripe settles otherwise than by one payment of its total', () => {
  it.each(ways)('S12: %s is kept as what it is, and doctor --deep is content', async (_how, settle, kept) => {
    const { id, stripeCustomer } = await newSubscriber();
    await sync(id, '2026-02-01T00:00:00Z');
    const invoice = draft30(stripeCustomer);
    settle(invoice, world.get('customer', stripeCustomer));
    await sync(id, at);
    expect(await settledOf(invoice.id)).toEqual({ status: 'paid', ...kept });
    expect(await sync(id, at)).toMatchObject({ differences: [], unread: [] });
    expect(await wrong()).toEqual([]);
  });

  it('S12: a payment that is really missing is found, also beside a balance', async () => {
    const { id, stripeCustomer } = await newSubscriber();
    const invoice = draft30(stripeCustomer);
    world.get('customer', stripeCustomer).balance = -1800;
    collectInvoice(world, finalizeInvoice(world, invoice));
    await sync(id, at);
    const [payment] = await sql<{ id: string }[]>`
      delete from subctl.payments p using subctl.invoices i
       where i.customer_id = p.customer_id and i.id = p.invoice_id and i.stripe_invoice_id = ${invoice.id} returning p.id`;
    expect(payment).toBeDefined();
    expect((await wrong()).map(({ check }) => check)).toContain('payments');
    const doctor = await subctl(['doctor', '--deep', '--as-of', at], { env });
    expect(doctor.code).toBe(4);
    expect(doctor.stdout.replace(/\s+/g, ' ')).toContain('30 USD expected, 18 USD found');
    await sync(id, at);
    expect(await wrong()).toEqual([]);
  });

  it('S12: the revenue report shows what settled invoices beside payments, and it adds up', async () => {
    const rows = JSON.parse(
      (
        await subctl(['usage-report', 'revenue', '--from', '2026-01-01', '--to', '2026-03-01', '--json'], {
          env,
        })
      ).stdout,
    ) as Record<string, string>[];
    const sum = (key: string) => Math.round(rows.reduce((all, row) => all + Number(row[key]), 0) * 100);
    const beside = sum('balance') + sum('credit_notes') + sum('out_of_band');
    expect(sum('paid') + beside).toBe(sum('invoiced'));
    expect([sum('credit_notes'), sum('out_of_band'), sum('credits')]).toEqual([1000, 3000, 500]);
  });

  it('S12: a payment of Stripe’s own list that is not read here is no payment outside of Stripe', () => {
    const paid = {
      status: 'paid',
      amount_paid: 3000,
      payment: { type: 'payment_intent', payment_intent: 'pi_unread' },
    };
    const [base] = world.list('invoice', ({ status, total }) => status === 'paid' && total === 2999);
    const of = (data: object[]) =>
      readInvoice({
        ...base!,
        total: 3000,
        amount_due: 3000,
        payments: { data },
      } as unknown as Stripe.Invoice);
    expect(of([paid])).toMatchObject({ outOfBand: '0.00' });
    expect(of([{ ...paid, payment: { type: 'payment_record', payment_record: 'pr_1' } }])).toMatchObject({
      outOfBand: '30.00',
    });
    expect(of([{ ...paid, amount_paid: 1200 }])).toMatchObject({ outOfBand: '18.00' });
  });
});
