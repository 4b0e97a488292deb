import type { Db } from '../database/connect.ts';
import type { Facts } from './stripe-facts.ts';

/** A difference between Stripe and this database. */
export interface Difference extends Record<string, unknown> {
  customer: string;
  /** `subscription sub_1`, `invoice in_1`, `payment pi_1`, `refund re_1` */
  object: string;
  field: string;
  here: string | null;
  stripe: string | null;
}

/** Reads all synced objects of a customer: facts by object, compared before and after a sync. */
export async function readFacts(db: Db, customer: string): Promise<Facts> {
  const [row] = await db<[{ facts: Facts }]>`
    select coalesce(jsonb_object_agg(f.object, f.facts), '{}') as facts from (
      select 'subscription ' || s.stripe_subscription_id as object,
             jsonb_build_object('status', case when s.suspended_at is not null then 'unpaid' else s.status end, 'plan', s.plan_id, 'version', s.version::text, 'every', s.every,
               'price', trim_scale(s.price)::text, 'currency', s.currency, 'seats', s.quantity::text, 'period_start', subctl_internal.iso(s.current_period_start),
               'period_end', subctl_internal.iso(s.current_period_end), 'trial_end', subctl_internal.iso(s.trial_end), 'cancel_at_period_end', s.cancel_at_period_end::text,
               'anchor', subctl_internal.iso(s.anchor), 'canceled_at', subctl_internal.iso(s.canceled_at), 'ended_at', subctl_internal.iso(s.ended_at), 'item', s.stripe_item_id,
               'next_plan', s.metadata->'next_at_stripe'->>'plan', 'next_at', s.metadata->'next_at_stripe'->>'at') as facts
        from subctl.subscriptions s where s.customer_id = ${customer} and s.stripe_subscription_id is not null
      union all
      select 'invoice ' || i.stripe_invoice_id,
             jsonb_build_object('status', i.status, 'number', i.number, 'currency', i.currency, 'total', trim_scale(i.total)::text,
               'balance', trim_scale(i.balance)::text, 'credit_notes', trim_scale(i.credit_notes)::text, 'out_of_band', trim_scale(i.out_of_band)::text,
               'issued_at', subctl_internal.iso(i.issued_at), 'due_at', subctl_internal.iso(i.due_at), 'paid_at', subctl_internal.iso(i.paid_at), 'voided_at', subctl_internal.iso(i.voided_at),
               'period_start', subctl_internal.iso(i.period_start), 'period_end', subctl_internal.iso(i.period_end),
               'lines', (select coalesce(string_agg(l.kind || ' ' || trim_scale(l.amount) || coalesce(' ' || subctl_internal.iso(l.period_start) || '/' || subctl_internal.iso(l.period_end), '')
                                           || ' ×' || coalesce(l.details->>'quantity', '1') || ' ' || l.description, '; ' order by l.position), '')
                           from subctl.invoice_lines l where l.customer_id = i.customer_id and l.invoice_id = i.id))
        from subctl.invoices i where i.customer_id = ${customer} and i.stripe_invoice_id is not null
      union all
      select 'payment ' || p.provider_id,
             jsonb_build_object('status', p.status, 'amount', trim_scale(p.amount)::text, 'currency', p.currency, 'refunded_minor', p.refunded_minor::text,
               'at', subctl_internal.iso(p.at), 'error', p.error)
        from subctl.payments p
       where p.customer_id = ${customer} and p.provider = 'stripe'
         and (p.reference = p.provider_id or p.provider_id is not null and p.status in ('paid', 'refunded', 'partially_refunded'))
      union all
      select 'refund ' || r.provider_id,
             jsonb_build_object('status', r.status, 'amount', trim_scale(r.amount)::text, 'currency', r.currency, 'error', r.error)
        from subctl.refunds r where r.customer_id = ${customer} and r.provider = 'stripe' and r.provider_id is not null
      union all
      select case d.kind when 'warning' then 'fraud warning ' else 'dispute ' end || d.id,
             jsonb_build_object('status', d.status, 'amount', trim_scale(d.amount)::text, 'currency', d.currency, 'reason', d.reason, 'payment', d.provider_id,
               'at', subctl_internal.iso(d.at))
        from subctl.disputes d where d.customer_id = ${customer}) f`;
  return row.facts;
}

/**
 * Lists what Stripe has and this database had not: for money what Stripe itself says, for all else what a sync changed. A missing object
 * is one difference.
 */
export function compareFacts(customer: string, before: Facts, after: Facts, there: Facts): Difference[] {
  return Object.keys({ ...after, ...there }).flatMap((object) => {
    const facts = { ...after[object], ...there[object] };
    const known = before[object];
    if (!known) return [{ customer, object, field: 'all', here: null, stripe: facts['status'] ?? 'there' }];
    return Object.entries(facts)
      .filter(([field, value]) => (known[field] ?? null) !== value)
      .map(([field, value]) => ({ customer, object, field, here: known[field] ?? null, stripe: value }));
  });
}
