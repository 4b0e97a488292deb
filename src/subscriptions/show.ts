import { needCustomer } from '../customers/find-customer.ts';
import type { Db } from '../database/connect.ts';
import { Failure } from '../domain/failure.ts';
import { getEffective } from './effective.ts';
import { type SubscriptionRow, listSubscriptions } from './list.ts';

export interface SubscriptionPhase {
  from_at: Date;
  cause: string;
  previous_status: string;
  status: string;
  plan: string;
  version: number;
  every: string;
  reason: string | null;
  actor: string | null;
}

/** A customer's newest subscription at `now` by its dates, its pending change, what the customer has, and its phases. */
export interface ShownSubscription extends SubscriptionRow {
  anchor: Date;
  anchor_timezone: string;
  trial_end: Date | null;
  cancel_at_period_end: boolean;
  canceled_at: Date | null;
  past_due_since: Date | null;
  grace_until: Date | null;
  usage_reset_at: Date;
  pending: {
    plan: string;
    version: number;
    every: string;
    price: string | null;
    collection: string | null;
    at: Date;
  } | null;
  effective: {
    plan: string | null;
    version: number | null;
    status: string;
    access: boolean;
    reason: string | null;
    basis: string;
  };
  segments: SubscriptionPhase[];
}

type Extra = Pick<
  ShownSubscription,
  | 'anchor'
  | 'anchor_timezone'
  | 'trial_end'
  | 'cancel_at_period_end'
  | 'canceled_at'
  | 'past_due_since'
  | 'grace_until'
  | 'usage_reset_at'
  | 'pending'
>;

/** @throws Failure not_found for an unknown customer, and for one who never had a subscription */
export async function showSubscription(
  db: Db,
  { customer, now }: { customer: string; now: Date },
): Promise<ShownSubscription> {
  await needCustomer(db, customer);
  const all = await listSubscriptions(db, { now, customer, statuses: [], all: true, limit: 10_000 });
  const row = all.findLast(({ status }) => status !== 'canceled' && status !== 'expired') ?? all.at(-1);
  if (!row) {
    throw new Failure('not_found', `Customer ${customer} has never had a subscription`, {
      hint: `subctl assign ${customer} PLAN`,
    });
  }
  const effective = await getEffective(db, customer, now);
  const { plan, version, status, access, reason, basis } = effective;
  const [extra] = await db<[Extra]>`
    select v.anchor, s.anchor_timezone, s.trial_end, v.cancels as cancel_at_period_end, s.canceled_at, s.past_due_since, s.grace_until, s.usage_reset_at,
           case when v.pending_plan is not null then jsonb_build_object('plan', v.pending_plan, 'version', v.pending_version,
             'every', v.pending_every, 'price', trim_scale(v.pending_price)::text, 'collection', v.pending_collection, 'at', subctl_internal.iso(v.pending_at))
                else s.metadata->'next_at_stripe' end as pending
      from subctl.subscriptions s
     cross join lateral subctl_internal.shown_subscription(s.customer_id, s.id, ${now}) v
     where s.customer_id = ${customer} and s.id = ${row.subscription}`;
  const segments = await db<SubscriptionPhase[]>`
    select g.from_at, g.cause, g.previous_status, g.status, g.plan_id as plan, g.version, g.every, g.reason, c.actor
      from subctl.subscription_phases g
      left join subctl.changes c on c.id = g.change_id
     where g.customer_id = ${customer} and g.subscription_id = ${row.subscription}
     order by g.from_at`;
  return {
    ...row,
    ...extra,
    effective: { plan, version, status, access, reason, basis },
    segments: [...segments],
  };
}
