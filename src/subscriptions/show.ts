import { getCustomer } from '../customers/find-customer.ts';
import type { Db } from '../database/connect.ts';
import { Failure } from '../domain/failure.ts';
import { getEffective } from './effective.ts';
import { type SubscriptionRow, listSubscriptions } from './list.ts';

export interface Segment {
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

/** A customer's newest subscription as it is written, what waits, what it comes to at `now`, and its segments. */
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
  segments: Segment[];
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
  await getCustomer(db, customer);
  const all = await listSubscriptions(db, { now, customer, statuses: [], all: true, limit: 10_000 });
  const row = all.find(({ ended_at }) => ended_at === null) ?? all.at(-1);
  if (!row) {
    throw new Failure('not_found', `Customer ${customer} has had no subscription`, {
      hint: `subctl assign ${customer} PLAN`,
    });
  }
  const effective = await getEffective(db, customer, now);
  const { plan, version, status, access, reason, basis } = effective;
  const [extra] = await db<[Extra]>`
    select anchor, anchor_timezone, trial_end, cancel_at_period_end, canceled_at, past_due_since, grace_until, usage_reset_at,
           case when pending_plan_id is not null then jsonb_build_object('plan', pending_plan_id, 'version', pending_version,
             'every', coalesce(pending_every, every), 'price', trim_scale(pending_price)::text, 'collection', pending_collection,
             'at', subctl.iso(coalesce(pending_at, current_period_end)))
                else metadata->'next_at_stripe' end as pending
      from subctl.subscriptions where customer_id = ${customer} and id = ${row.subscription}`;
  const segments = await db<Segment[]>`
    select g.from_at, g.cause, g.previous_status, g.status, g.plan_id as plan, g.version, g.every, g.reason, c.actor
      from subctl.subscription_segments g
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
