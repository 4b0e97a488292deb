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
    insert into subctl.invoices as i (customer_id, id, number, source_key, subscription_id, plan_id, every, status, currency, total, period_start, period_end,
      issued_at, due_at, paid_at, voided_at, stripe_invoice_id, change_id)
    select ${customer}, ${uuid7(issuedAt)}, ${invoice.number ?? invoice.id}, ${`stripe:${invoice.id}`}, s.id, p.plan_id, p.every, ${status}, ${currency},
           ${fromMinorUnits(minorFromNumber(invoice.total), currency)}::numeric, ${period.start}, ${period.end}::timestamptz, ${issuedAt}::timestamptz,
           ${invoice.due_date === null ? null : instantOf(invoice.due_date)}::timestamptz, ${status === 'paid' ? instantOf(paidAt ?? invoice.created) : null}::timestamptz,
           ${status === 'void' ? instantOf(voidedAt ?? invoice.created) : null}::timestamptz, ${invoice.id}, ${change.id}
      from (select (select o.id from subctl.subscriptions o
                     where o.customer_id = ${customer} and o.stripe_subscription_id = ${stripeSubscription}) as id) s
      left join lateral (
        select x.plan_id, x.every
          from (select r.plan_id, r."interval" as every, 1 as rank, r.version::numeric as newest
                  from subctl.plan_prices r where r.stripe_price_id = ${priceOf(invoice)}
                union all   -- no price of ours: what the subscription was when the period began
                select g.plan_id, g.every, 2, extract(epoch from g.from_at)
                  from subctl.subscription_segments g
                 where g.customer_id = ${customer} and g.subscription_id = s.id and g.from_at <= ${period.start}::timestamptz) x
         order by x.rank, x.newest desc limit 1) p on true
    on conflict (customer_id, source_key) do update
      set status = excluded.status, total = excluded.total, number = excluded.number, paid_at = excluded.paid_at, voided_at = excluded.voided_at,
          due_at = excluded.due_at, period_start = excluded.period_start, period_end = excluded.period_end, change_id = excluded.change_id,
          subscription_id = coalesce(excluded.subscription_id, i.subscription_id), plan_id = coalesce(i.plan_id, excluded.plan_id), every = coalesce(i.every, excluded.every)
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

/** The plan's own line. */
const planLineOf = (invoice: Stripe.Invoice): Stripe.InvoiceLineItem | undefined =>
  invoice.lines.data.find(
    ({ parent, period }) =>
      parent?.subscription_item_details &&
      !parent.subscription_item_details.proration &&
      period.end > period.start,
  );

/** The period of the plan's own line (N9): the invoice's own is the one before. */
function periodOf(invoice: Stripe.Invoice): { start: Date; end: Date } {
  const { start, end } = planLineOf(invoice)?.period ?? {
    start: invoice.period_start,
    end: invoice.period_end,
  };
  return { start: instantOf(start), end: instantOf(end) };
}

/** The price that says which plan it is for: of the plan's own line, or of the first that charges something; null where there is none. */
function priceOf(invoice: Stripe.Invoice): string | null {
  const line = planLineOf(invoice) ?? invoice.lines.data.find(({ amount }) => amount > 0);
  return idOf(line?.pricing?.price_details?.price) ?? null;
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
