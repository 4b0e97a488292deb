import { type Change, audit } from '../database/change.ts';
import type { Db } from '../database/connect.ts';
import { type Head, auditOf, findHead } from './head.ts';
import { type Terms, isBilled } from './terms.ts';

/** Notes the plan that the subscription takes at its period's end (R31); a cancellation that waited is taken back. */
export async function schedulePlan(
  tx: Db,
  change: Change,
  { head, terms, note }: { head: Head; terms: Terms; note?: string | undefined },
): Promise<Head> {
  const price = isBilled(terms.collection) ? terms.price : '0';
  await tx`
    update subctl.subscriptions
       set pending_plan_id = ${terms.plan}, pending_version = ${terms.version}, pending_every = ${terms.every}, pending_price = ${price},
           pending_quantity = ${terms.seats},
           auto_renew = true, cancel_at_period_end = false, canceled_at = null, note = coalesce(${note ?? null}, note), change_id = ${change.id}
     where customer_id = ${head.customer} and id = ${head.id}`;
  return audited(tx, change, head);
}

/** Takes back what waits for the period's end, a change of plan (R31) or a cancellation (S10), and sets what else is said. */
export async function keepPlan(
  tx: Db,
  change: Change,
  {
    head,
    ...set
  }: {
    head: Head;
    collection?: string | undefined;
    autoRenew?: boolean | undefined;
    note?: string | undefined;
  },
): Promise<Head> {
  await tx`
    update subctl.subscriptions
       set pending_plan_id = null, pending_version = null, pending_every = null, pending_price = null, pending_quantity = null, cancel_at_period_end = false,
           canceled_at = null, collection = coalesce(${set.collection ?? null}, collection),
           auto_renew = coalesce(${set.autoRenew ?? null}::boolean, auto_renew), note = coalesce(${set.note ?? null}, note), change_id = ${change.id}
     where customer_id = ${head.customer} and id = ${head.id}`;
  return audited(tx, change, head);
}

/** Marks that the subscription ends at its period's end (R34); a change of plan that waited is taken back. */
export async function markCanceled(tx: Db, change: Change, head: Head): Promise<Head> {
  await tx`
    update subctl.subscriptions
       set cancel_at_period_end = true, canceled_at = ${change.at}, pending_plan_id = null, pending_version = null, pending_every = null,
           pending_price = null, pending_quantity = null, change_id = ${change.id}
     where customer_id = ${head.customer} and id = ${head.id}`;
  return audited(tx, change, head);
}

async function audited(tx: Db, change: Change, head: Head): Promise<Head> {
  const after = (await findHead(tx, head.customer))!;
  await audit(tx, change, [
    {
      customer: head.customer,
      entity: 'subscription',
      key: head.id,
      before: auditOf(head),
      after: auditOf(after),
    },
  ]);
  return after;
}
