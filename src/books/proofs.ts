import type { Proof } from './proof.ts';
import { ledger } from './proofs/ledger.ts';
import { balances } from './proofs/balances.ts';
import { entries } from './proofs/entries.ts';
import { grants } from './proofs/grants.ts';
import { expiredGrants } from './proofs/expired-grants.ts';
import { grantKeys } from './proofs/grant-keys.ts';
import { rollovers } from './proofs/rollovers.ts';
import { spentCredits } from './proofs/spent-credits.ts';
import { windows } from './proofs/windows.ts';
import { windowRows } from './proofs/window-rows.ts';
import { usageState } from './proofs/usage-state.ts';
import { adjustments } from './proofs/adjustments.ts';
import { marks } from './proofs/marks.ts';
import { rollingLimits } from './proofs/rolling-limits.ts';
import { closedLimits } from './proofs/closed-limits.ts';
import { events } from './proofs/events.ts';
import { usageKeys } from './proofs/usage-keys.ts';
import { tokens } from './proofs/tokens.ts';
import { costs } from './proofs/costs.ts';
import { reachedAlerts } from './proofs/alerts.ts';
import { missingAlerts } from './proofs/missing-alerts.ts';
import { reservations } from './proofs/reservations.ts';
import { subscriptionCounts } from './proofs/subscription-counts.ts';
import { usageSums } from './proofs/usage-sums.ts';
import { oneLive } from './proofs/one-live.ts';
import { segments } from './proofs/segments.ts';
import { heads } from './proofs/heads.ts';
import { statuses } from './proofs/statuses.ts';
import { periods } from './proofs/periods.ts';
import { renewals } from './proofs/renewals.ts';
import { usageResets } from './proofs/usage-resets.ts';
import { invoices } from './proofs/invoices.ts';
import { payments } from './proofs/payments.ts';
import { refunds } from './proofs/refunds.ts';
import { webhooks } from './proofs/webhooks.ts';
import { billedPeriods } from './proofs/billed-periods.ts';
import { unusedDays } from './proofs/unused-days.ts';
import { redemptions } from './proofs/redemptions.ts';
import { plans } from './proofs/plans.ts';
import { planRules } from './proofs/plan-rules.ts';
import { prices } from './proofs/prices.ts';
import { priceCards } from './proofs/price-cards.ts';
import { validSettings } from './proofs/settings.ts';
import { customers } from './proofs/customers.ts';
import { members } from './proofs/members.ts';
import { orphans } from './proofs/orphans.ts';
import { auditTrail } from './proofs/audit.ts';
import { jobs } from './proofs/jobs.ts';
import { parkedRows } from './proofs/parked-rows.ts';

/** The proofs of `doctor --deep`, in the order in which they are made: credits, usage, subscriptions, money, catalogue, the rest. */
export const proofs: readonly Proof[] = [
  ledger,
  balances,
  entries,
  grants,
  expiredGrants,
  grantKeys,
  rollovers,
  spentCredits,
  windows,
  windowRows,
  usageState,
  adjustments,
  marks,
  rollingLimits,
  closedLimits,
  events,
  usageKeys,
  tokens,
  costs,
  reachedAlerts,
  missingAlerts,
  reservations,
  oneLive,
  subscriptionCounts,
  usageSums,
  segments,
  heads,
  statuses,
  periods,
  renewals,
  usageResets,
  invoices,
  payments,
  refunds,
  webhooks,
  billedPeriods,
  unusedDays,
  redemptions,
  plans,
  planRules,
  prices,
  priceCards,
  validSettings,
  customers,
  members,
  orphans,
  auditTrail,
  jobs,
  parkedRows,
];
