import type { CustomerStatus, LimitStatus } from './status.ts';

/** A customer's status as `--json` shows it. */
export function describeStatus({
  customer,
  effective,
  sold,
  ...status
}: CustomerStatus): Record<string, unknown> {
  return {
    customer: customer.id,
    kind: customer.kind,
    name: customer.name,
    email: customer.email,
    timezone: effective.timezone,
    created_at: customer.createdAt,
    disabled_at: customer.disabledAt,
    plan: effective.plan,
    plan_name: status.planName,
    version: effective.version,
    status: effective.status,
    access: effective.access,
    reason: effective.reason,
    basis: effective.basis,
    every: effective.every,
    price: sold?.price ?? null,
    currency: sold?.currency ?? customer.currency,
    collection: effective.collection,
    period_start: effective.periodStart,
    period_end: effective.periodEnd,
    days_left: status.daysLeft,
    ends_at: effective.endsAt,
    auto_renew: effective.autoRenew,
    cancel_at_period_end: sold?.cancels ?? false,
    pending_plan: sold?.pendingPlan ?? null,
    limits: status.limits.map(describeLimit),
    credits: status.credits,
    next_reset: status.nextReset,
    metadata: customer.metadata,
  };
}

function describeLimit(row: LimitStatus): Record<string, unknown> {
  const { meter, window, scope, subject, used, limit, remaining, percent, enforcement, source, resets_at } =
    row;
  return { meter, window, scope, subject, used, limit, remaining, percent, enforcement, source, resets_at };
}
