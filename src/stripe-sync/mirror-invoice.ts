import type Stripe from 'stripe';
import type { Change } from '../database/change.ts';
import type { Db } from '../database/connect.ts';
import { uuid7 } from '../database/uuid7.ts';
import { instantOf } from '../payments/stripe-values.ts';
import type { StripeInvoice } from './read-invoice.ts';

interface Mirroring {
  customer: string;
  invoice: Stripe.Invoice;
  /** the same, in our terms */
  found: StripeInvoice;
}

/**
 * Syncs an invoice with its lines and returns its id here. Its key is Stripe's id, so it is one row however often it is seen. The caller
 * has locked the customer.
 */
export async function mirrorInvoice(
  tx: Db,
  change: Change,
  { customer, invoice, found }: Mirroring,
): Promise<string> {
  const key = `stripe:${found.id}`;
  await tx`
    insert into subctl.invoices as i (customer_id, id, number, source_key, subscription_id, plan_id, every, status, currency, total, balance, credit_notes,
      out_of_band, period_start, period_end, issued_at, due_at, paid_at, voided_at, stripe_invoice_id, change_id)
    select ${customer}, ${uuid7(found.issuedAt)}, ${found.number}, ${key}, s.id, p.plan_id, p.every, ${found.status}, ${found.currency}, ${found.total}::numeric,
           ${found.balance}::numeric, ${found.creditNotes}::numeric, ${found.outOfBand}::numeric, ${found.periodStart}::timestamptz,
           ${found.periodEnd}::timestamptz, ${found.issuedAt}::timestamptz, ${found.dueAt}::timestamptz, ${found.paidAt}::timestamptz,
           ${found.voidedAt}::timestamptz, ${found.id}, ${change.id}
      from (select (select o.id from subctl.subscriptions o
                     where o.customer_id = ${customer} and o.stripe_subscription_id = ${found.subscription}) as id) s
      left join lateral (
        select x.plan_id, x.every
          from (select r.plan_id, r."interval" as every, 1 as rank, r.version::numeric as newest
                  from subctl.plan_prices r where r.stripe_price_id = ${found.price}
                union all   -- no price of ours: what the subscription was when the period began
                select g.plan_id, g.every, 2, extract(epoch from g.from_at)
                  from subctl.subscription_phases g
                 where g.customer_id = ${customer} and g.subscription_id = s.id and g.from_at <= ${found.periodStart}::timestamptz) x
         order by x.rank, x.newest desc limit 1) p on true
    on conflict (customer_id, source_key) do update
      set number = excluded.number, subscription_id = coalesce(excluded.subscription_id, i.subscription_id), plan_id = coalesce(i.plan_id, excluded.plan_id),
          every = coalesce(i.every, excluded.every), status = excluded.status, currency = excluded.currency, total = excluded.total,
          balance = excluded.balance, credit_notes = excluded.credit_notes, out_of_band = excluded.out_of_band, period_start = excluded.period_start,
          period_end = excluded.period_end, issued_at = excluded.issued_at, due_at = excluded.due_at, paid_at = excluded.paid_at,
          voided_at = excluded.voided_at, change_id = excluded.change_id
      where (i.number, i.subscription_id, i.plan_id, i.status, i.currency, i.total, i.balance, i.credit_notes, i.out_of_band, i.period_start,
             i.period_end, i.issued_at, i.due_at, i.paid_at, i.voided_at)
            is distinct from
            (excluded.number, coalesce(excluded.subscription_id, i.subscription_id), coalesce(i.plan_id, excluded.plan_id), excluded.status,
             excluded.currency, excluded.total, excluded.balance, excluded.credit_notes, excluded.out_of_band, excluded.period_start,
             excluded.period_end, excluded.issued_at, excluded.due_at, excluded.paid_at, excluded.voided_at)`;
  const [row] = await tx<[{ id: string }]>`
    select id from subctl.invoices where customer_id = ${customer} and source_key = ${key}`;
  await writeLines(tx, { customer, id: row.id, found });
  await writeRenewal(tx, change, { customer, id: row.id, invoice });
  return row.id;
}

/** Replaces the lines when any of them differs. */
async function writeLines(
  tx: Db,
  { customer, id, found }: { customer: string; id: string; found: StripeInvoice },
): Promise<void> {
  const lines = tx.json(found.lines as never);
  const [{ same }] = await tx<[{ same: boolean }]>`
    select coalesce(jsonb_agg(jsonb_build_array(l.kind, l.description, l.amount, l.period_start, l.period_end, l.details) order by l.position), '[]')
         = (select coalesce(jsonb_agg(jsonb_build_array(n.kind, n.description, n.amount, n.period_start, n.period_end, nullif(n.details, 'null')) order by e.n), '[]')
              from jsonb_array_elements(${lines}) with ordinality as e(value, n)
             cross join lateral jsonb_to_record(e.value) as n(kind text, description text, amount numeric, period_start timestamptz, period_end timestamptz, details jsonb)) as same
      from subctl.invoice_lines l where l.customer_id = ${customer} and l.invoice_id = ${id}`;
  if (same) return;
  await tx`delete from subctl.invoice_lines where customer_id = ${customer} and invoice_id = ${id}`;
  await tx`
    insert into subctl.invoice_lines (customer_id, invoice_id, position, kind, description, quantity, unit_amount, amount, period_start, period_end, details)
    select ${customer}, ${id}, n, l.kind, l.description, 1, l.amount, l.amount, l.period_start, l.period_end, nullif(l.details, 'null')
      from jsonb_array_elements(${lines}) with ordinality as e(value, n)
     cross join lateral jsonb_to_record(e.value) as l(kind text, description text, amount numeric, period_start timestamptz, period_end timestamptz, details jsonb)`;
}

/** A renewal is one period of a subscription; its amount is that of its invoice. */
async function writeRenewal(
  tx: Db,
  change: Change,
  { customer, id, invoice }: { customer: string; id: string; invoice: Stripe.Invoice },
): Promise<void> {
  if (invoice.billing_reason !== 'subscription_cycle') return;
  const unpaid = invoice.attempt_count > 0 ? 'declined' : 'pending';
  const outcome = invoice.status === 'paid' ? 'paid' : unpaid;
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
