import type Stripe from 'stripe';
import type { Change } from '../database/change.ts';
import type { Db } from '../database/connect.ts';
import { uuid7 } from '../database/uuid7.ts';
import { fromMinorUnits, minorFromNumber } from '../payments/minor-units.ts';
import { idOf, instantOf } from '../payments/stripe-values.ts';

/** An invoice of Stripe's as it stands here. */
export interface MirroredInvoice {
  id: string;
  stripeId: string;
}

const statuses: Record<string, string> = {
  open: 'open',
  paid: 'paid',
  void: 'void',
  uncollectible: 'uncollectible',
};

/**
 * Makes an invoice here what it is at Stripe, with its lines; its key is Stripe's id, so it is one row however often it is seen.
 * Undefined for a draft, which nobody owes yet. The caller has locked the customer.
 */
export async function mirrorInvoice(
  tx: Db,
  change: Change,
  { customer, invoice }: { customer: string; invoice: Stripe.Invoice },
): Promise<MirroredInvoice | undefined> {
  const status = statuses[invoice.status ?? ''];
  if (!status) return undefined;
  const currency = invoice.currency.toUpperCase();
  const { paid_at: paidAt, voided_at: voidedAt, finalized_at: finalizedAt } = invoice.status_transitions;
  const issuedAt = instantOf(finalizedAt ?? invoice.created);
  const period = periodOf(invoice);
  const stripeSubscription = idOf(invoice.parent?.subscription_details?.subscription) ?? null;
  const [row] = await tx<{ id: string }[]>`
    insert into subctl.invoices as i (customer_id, id, number, source_key, subscription_id, status, currency, total, period_start, period_end, issued_at, due_at,
      paid_at, voided_at, stripe_invoice_id, change_id)
    values (${customer}, ${uuid7(issuedAt)}, ${invoice.number ?? invoice.id}, ${`stripe:${invoice.id}`},
      (select s.id from subctl.subscriptions s where s.customer_id = ${customer} and s.stripe_subscription_id = ${stripeSubscription}),
      ${status}, ${currency}, ${fromMinorUnits(minorFromNumber(invoice.total), currency)}, ${period.start}, ${period.end}, ${issuedAt},
      ${invoice.due_date === null ? null : instantOf(invoice.due_date)}, ${status === 'paid' ? instantOf(paidAt ?? invoice.created) : null},
      ${status === 'void' ? instantOf(voidedAt ?? invoice.created) : null}, ${invoice.id}, ${change.id})
    on conflict (customer_id, source_key) do update
      set status = excluded.status, total = excluded.total, number = excluded.number, paid_at = excluded.paid_at, voided_at = excluded.voided_at,
          due_at = excluded.due_at, period_start = excluded.period_start, period_end = excluded.period_end, change_id = excluded.change_id,
          subscription_id = coalesce(excluded.subscription_id, i.subscription_id)
      where (i.status, i.total, i.number, i.paid_at, i.voided_at) is distinct from (excluded.status, excluded.total, excluded.number, excluded.paid_at, excluded.voided_at)
    returning id`;
  if (row) await writeLines(tx, { customer, id: row.id, invoice, currency });
  const id = row?.id ?? (await findInvoiceId(tx, customer, invoice.id));
  await writeRenewal(tx, change, { customer, id, invoice });
  return { id, stripeId: invoice.id };
}

async function findInvoiceId(tx: Db, customer: string, stripeId: string): Promise<string> {
  const [row] = await tx<[{ id: string }]>`
    select id from subctl.invoices where customer_id = ${customer} and source_key = ${`stripe:${stripeId}`}`;
  return row.id;
}

/** The period of the plan's own line (N9): the invoice's own is the one before. */
function periodOf(invoice: Stripe.Invoice): { start: Date; end: Date } {
  const line = invoice.lines.data.find(
    ({ parent, period }) =>
      parent?.subscription_item_details &&
      !parent.subscription_item_details.proration &&
      period.end > period.start,
  );
  const { start, end } = line?.period ?? { start: invoice.period_start, end: invoice.period_end };
  return { start: instantOf(start), end: instantOf(end) };
}

interface Written {
  customer: string;
  id: string;
  invoice: Stripe.Invoice;
  currency: string;
}

/** Stripe's lines, and what is taken off or comes on top of all of them, so that they sum to the total. */
export function linesAt(invoice: Stripe.Invoice, currency: string) {
  const money = (minor: number) => fromMinorUnits(minorFromNumber(minor), currency);
  const sums = {
    discount: -(invoice.total_discount_amounts ?? []).reduce((sum, { amount }) => sum + amount, 0),
    tax: (invoice.total_taxes ?? [])
      .filter(({ tax_behavior: behaviour }) => behaviour === 'exclusive')
      .reduce((sum, { amount }) => sum + amount, 0),
  };
  return [
    ...invoice.lines.data.map((line) => ({
      kind:
        line.parent?.subscription_item_details?.proration || line.parent?.invoice_item_details?.proration
          ? 'proration'
          : line.metadata['subctl_key'] === undefined
            ? 'plan'
            : 'overage',
      description: line.description ?? '',
      amount: money(line.amount),
      period_start: instantOf(line.period.start),
      period_end: instantOf(line.period.end),
      details: { stripe_line: line.id, quantity: line.quantity },
    })),
    ...Object.entries(sums)
      .filter(([, amount]) => amount !== 0)
      .map(([kind, amount]) => ({
        kind,
        description: kind === 'tax' ? 'Tax' : 'Discount',
        amount: money(amount),
        details: null,
      })),
  ];
}

async function writeLines(tx: Db, { customer, id, invoice, currency }: Written): Promise<void> {
  const lines = linesAt(invoice, currency);
  await tx`delete from subctl.invoice_lines where customer_id = ${customer} and invoice_id = ${id}`;
  await tx`
    insert into subctl.invoice_lines (customer_id, invoice_id, position, kind, description, quantity, unit_amount, amount, period_start, period_end, details)
    select ${customer}, ${id}, n, l.kind, l.description, 1, l.amount, l.amount, l.period_start, l.period_end, l.details
      from jsonb_array_elements(${tx.json(lines as never)}) with ordinality as e(value, n)
     cross join lateral jsonb_to_record(e.value) as l(kind text, description text, amount numeric, period_start timestamptz, period_end timestamptz, details jsonb)`;
}

/** A renewal is one period of a subscription: what its invoice came to is what it came to. */
async function writeRenewal(
  tx: Db,
  change: Change,
  { customer, id, invoice }: { customer: string; id: string; invoice: Stripe.Invoice },
): Promise<void> {
  if (invoice.billing_reason !== 'subscription_cycle') return;
  const outcome = invoice.status === 'paid' ? 'paid' : invoice.attempt_count > 0 ? 'declined' : 'pending';
  const nextTry = invoice.next_payment_attempt === null ? null : instantOf(invoice.next_payment_attempt);
  await tx`
    insert into subctl.renewals as r (customer_id, subscription_id, period_start, attempt, period_end, at, outcome, collection, amount, currency, invoice_id, next_try_at, change_id)
    select i.customer_id, i.subscription_id, i.period_start, 1, i.period_end, i.issued_at, ${outcome}, 'stripe', i.total, i.currency, i.id, ${nextTry}, ${change.id}
      from subctl.invoices i
     where i.customer_id = ${customer} and i.id = ${id} and i.subscription_id is not null and i.period_start < i.period_end
    on conflict (customer_id, subscription_id, period_start, attempt) do update
      set outcome = excluded.outcome, amount = excluded.amount, invoice_id = excluded.invoice_id, next_try_at = excluded.next_try_at
      where (r.outcome, r.amount, r.invoice_id, r.next_try_at) is distinct from (excluded.outcome, excluded.amount, excluded.invoice_id, excluded.next_try_at)`;
}
