import type { Db } from '../database/connect.ts';

/** One thing that is not here as it is at Stripe. */
export interface Difference extends Record<string, unknown> {
  customer: string;
  /** `subscription sub_1`, `invoice in_1`, `payment pi_1`, `refund re_1` */
  object: string;
  field: string;
  here: string | null;
  stripe: string | null;
}

type Facts = Record<string, Record<string, string | null>>;

/** Everything of a customer that mirrors Stripe: facts by object. Two of these are compared. */
export async function readFacts(db: Db, customer: string): Promise<Facts> {
  const [row] = await db<[{ facts: Facts }]>`
    select coalesce(jsonb_object_agg(f.object, f.facts), '{}') as facts from (
      select 'subscription ' || s.stripe_subscription_id as object,
             jsonb_build_object('status', case when s.suspended_at is not null then 'unpaid' else s.status end, 'plan', s.plan_id, 'version', s.version::text, 'every', s.every,
               'price', trim_scale(s.price)::text, 'currency', s.currency, 'seats', s.quantity::text, 'period_start', subctl.iso(s.current_period_start),
               'period_end', subctl.iso(s.current_period_end), 'trial_end', subctl.iso(s.trial_end), 'cancel_at_period_end', s.cancel_at_period_end::text,
               'ended_at', subctl.iso(s.ended_at), 'next_plan', s.metadata->'next_at_stripe'->>'plan') as facts
        from subctl.subscriptions s where s.customer_id = ${customer} and s.stripe_subscription_id is not null
      union all
      select 'invoice ' || i.stripe_invoice_id,
             jsonb_build_object('status', i.status, 'total', trim_scale(i.total)::text, 'currency', i.currency, 'paid_at', subctl.iso(i.paid_at))
        from subctl.invoices i where i.customer_id = ${customer} and i.stripe_invoice_id is not null
      union all
      select 'payment ' || p.provider_id,
             jsonb_build_object('status', p.status, 'amount', trim_scale(p.amount)::text, 'currency', p.currency, 'refunded_minor', p.refunded_minor::text)
        from subctl.payments p where p.customer_id = ${customer} and p.provider = 'stripe' and p.reference = p.provider_id
      union all
      select 'refund ' || r.provider_id, jsonb_build_object('status', r.status, 'amount', trim_scale(r.amount)::text)
        from subctl.refunds r where r.customer_id = ${customer} and r.provider = 'stripe' and r.provider_id is not null
      union all
      select case d.kind when 'warning' then 'fraud warning ' else 'dispute ' end || d.id, jsonb_build_object('status', d.status)
        from subctl.disputes d where d.customer_id = ${customer}) f`;
  return row.facts;
}

/** What `there` has otherwise than `here`; an object that is missing is one difference. */
export function compareFacts(customer: string, here: Facts, there: Facts): Difference[] {
  return Object.entries(there).flatMap(([object, facts]) => {
    const known = here[object];
    if (!known) return [{ customer, object, field: 'all', here: null, stripe: facts['status'] ?? 'there' }];
    return Object.entries(facts)
      .filter(([field, value]) => (known[field] ?? null) !== value)
      .map(([field, value]) => ({ customer, object, field, here: known[field] ?? null, stripe: value }));
  });
}
