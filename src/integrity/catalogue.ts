import type { Check } from './check.ts';
import { ledger } from './checks/ledger.ts';
import { balances } from './checks/balances.ts';
import { entries } from './checks/entries.ts';
import { grants } from './checks/grants.ts';
import { expiredGrants } from './checks/expired-grants.ts';
import { grantKeys } from './checks/grant-keys.ts';
import { rollovers } from './checks/rollovers.ts';
import { spentCredits } from './checks/spent-credits.ts';
import { windows } from './checks/windows.ts';
import { windowRows } from './checks/window-rows.ts';
import { usageState } from './checks/usage-state.ts';
import { adjustments } from './checks/adjustments.ts';
import { marks } from './checks/marks.ts';
import { rollingLimits } from './checks/rolling-limits.ts';
import { closedLimits } from './checks/closed-limits.ts';
import { events } from './checks/events.ts';
import { usageKeys } from './checks/usage-keys.ts';
import { tokens } from './checks/tokens.ts';
import { costs } from './checks/costs.ts';
import { reachedAlerts } from './checks/alerts.ts';
import { missingAlerts } from './checks/missing-alerts.ts';
import { reservations } from './checks/reservations.ts';
import { subscriptionCounts } from './checks/subscription-counts.ts';
import { usageSums } from './checks/usage-sums.ts';
import { oneLive } from './checks/one-live.ts';
import { segments } from './checks/segments.ts';
import { heads } from './checks/heads.ts';
import { statuses } from './checks/statuses.ts';
import { periods } from './checks/periods.ts';
import { renewals } from './checks/renewals.ts';
import { usageResets } from './checks/usage-resets.ts';
import { invoices } from './checks/invoices.ts';
import { payments } from './checks/payments.ts';
import { refunds } from './checks/refunds.ts';
import { webhooks } from './checks/webhooks.ts';
import { billedPeriods } from './checks/billed-periods.ts';
import { unusedDays } from './checks/unused-days.ts';
import { redemptions } from './checks/redemptions.ts';
import { plans } from './checks/plans.ts';
import { planRules } from './checks/plan-rules.ts';
import { prices } from './checks/prices.ts';
import { priceCards } from './checks/price-cards.ts';
import { validSettings } from './checks/settings.ts';
import { customers } from './checks/customers.ts';
import { members } from './checks/members.ts';
import { orphans } from './checks/orphans.ts';
import { auditTrail } from './checks/audit.ts';
import { jobs } from './checks/jobs.ts';
import { parkedRows } from './checks/parked-rows.ts';

/** The checks of `doctor --deep`, in the order in which they are made: credits, usage, subscriptions, money, catalogue, the rest. */
export const checks: readonly Check[] = [
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
