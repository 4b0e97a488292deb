import { and, eq, gt, inArray, isNull, or, sql } from 'drizzle-orm';
import { call, callRows } from '../database/call.ts';
import type { Change } from '../database/change.ts';
import type { Db } from '../database/connect.ts';
import { uuid7 } from '../database/uuid7.ts';
import { orm } from '../database/orm.ts';
import { subscriptions } from '../database/schema/subscriptions.ts';
import { creditGrants } from '../database/schema/credits.ts';
import { type Terms, isBilled } from './terms.ts';

export interface Start {
  customers: readonly string[];
  terms: Terms;
  /** 0 is none */
  trialDays: number;
  autoRenew: boolean;
  endsAt?: Date | undefined;
  note?: string | undefined;
}

/**
 * Starts a subscription on the same terms for each customer at the change's instant, and charges the first period unless a trial precedes
 * it. Credits of the default plan end then; the new plan's are granted. Customers with a live subscription are passed over. A free plan
 * that is taken again within its earlier period continues it (R32). The caller has locked and settled the customers. Returns the new
 * subscriptions by customer.
 */
export async function startSubscriptions(tx: Db, change: Change, start: Start): Promise<Map<string, string>> {
  const { terms } = start;
  const ids = [...start.customers];
  const rows = await callRows(tx, 'subctl_internal.start_subscriptions', {
    p_customers: ids,
    p_started_at: ids.map(() => change.at),
    p_plan: terms.plan,
    p_version: terms.version,
    p_every: terms.every,
    p_currency: terms.currency,
    p_price: terms.price,
    p_collection: terms.collection,
    p_trial_days: start.trialDays,
    p_auto_renew: start.autoRenew,
    p_ends_at: start.endsAt ?? null,
    p_assigned_by: change.actor,
    p_note: start.note ?? null,
    p_cause: 'new',
    p_reason: change.reason,
    p_as_of: change.at,
    p_change: change.id,
  });
  const made = new Map(rows.map((row) => [row.customer_id!, row.subscription_id!]));
  const started = [...made.keys()];
  if (started.length === 0) return made;
  if (terms.seats > 1)
    await orm(tx).update(subscriptions).set({ quantity: terms.seats }).where(startedBy(change, started));
  // windows of the default plan end here, also where no use precedes their closing
  await call(tx, 'subctl_internal.flush_windows_of', {
    customers: started,
    cuts: started.map(() => change.at),
  });
  await call(tx, 'subctl_internal.reopen_windows', { customers: started });
  if (isBilled(terms.collection) && start.trialDays === 0) await invoiceFirst(tx, change, made);
  await endPlanCredits(tx, started, change.at);
  await call(tx, 'subctl_internal.post_due_credits', {
    p_customers: started,
    p_as_of: change.at,
    p_change: change.id,
  });
  await auditStarts(tx, change, started);
  return made;
}

async function invoiceFirst(tx: Db, change: Change, made: ReadonlyMap<string, string>): Promise<void> {
  const invoices = [...made.keys()].map(() => uuid7(change.at));
  await tx`
    select subctl_internal.issue_invoices(array_agg(s.customer_id::text), array_agg(s.id), array_agg(i.id), array_agg(s.current_period_start),
             array_agg(s.current_period_end), ${change.at}, ${change.id})
      from unnest(${[...made.keys()]}::text[], ${[...made.values()]}::uuid[], ${invoices}::uuid[]) i(customer_id, subscription_id, id)
      join subctl.subscriptions s on s.customer_id = i.customer_id and s.id = i.subscription_id`;
}

/** Ends the credits of the previous plan at `at`. */
export async function endPlanCredits(tx: Db, customers: readonly string[], at: Date): Promise<void> {
  const { customerId, source, grantedAt, expiresAt, expiredAt } = creditGrants;
  await orm(tx)
    .update(creditGrants)
    .set({ expiresAt: sql`greatest(${at}::timestamptz, ${grantedAt})` })
    .where(
      and(
        ...[inArray(customerId, [...customers]), inArray(source, ['plan', 'rollover', 'reset'])],
        ...[isNull(expiredAt), or(isNull(expiresAt), gt(expiresAt, at))],
      ),
    );
}

const startedBy = (change: Change, customers: string[]) =>
  and(
    ...[inArray(subscriptions.customerId, customers), eq(subscriptions.changeId, change.id)],
    isNull(subscriptions.endedAt),
  );

/** Audits all starts in one statement, numbered after what the change has written about the customer before. */
async function auditStarts(tx: Db, change: Change, customers: readonly string[]): Promise<void> {
  await tx`
    insert into subctl.audit_log (customer_id, change_id, id, entity, entity_key, before, after)
    select s.customer_id, ${change.id},
           coalesce((select max(a.id) from subctl.audit_log a where a.customer_id = s.customer_id and a.change_id = ${change.id}), 0) + 1,
           'subscription', s.id::text, null,
           jsonb_strip_nulls(jsonb_build_object('plan', s.plan_id, 'version', s.version, 'every', s.every, 'status', s.status,
             'price', trim_scale(s.price)::text, 'seats', nullif(s.quantity, 1), 'currency', s.currency, 'collection', s.collection,
             'period_start', subctl_internal.iso(s.current_period_start), 'period_end', subctl_internal.iso(s.current_period_end),
             'auto_renew', s.auto_renew, 'note', s.note))
      from subctl.subscriptions s
     where s.customer_id = any (${[...customers]}::text[]) and s.status in ('trialing', 'active')`;
}
