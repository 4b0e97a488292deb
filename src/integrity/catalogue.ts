import type { Check } from './check.ts';
import { checkSettings } from './check-settings.ts';
import { compiledPrices, compiledRules } from './repairs/compiled.ts';
import { grantsFromLedger } from './repairs/grants.ts';
import { lostWindows } from './repairs/lost-windows.ts';
import { missingRows } from './repairs/missing-rows.ts';
import { openWindows } from './repairs/open-windows.ts';
import { runningTotals } from './repairs/running-totals.ts';
import { subscriptionCounts } from './repairs/subscription-counts.ts';
import { usageSums } from './repairs/usage-sums.ts';
import { windowBounds } from './repairs/window-bounds.ts';
import { windowCounts } from './repairs/window-counts.ts';

/** ALL integrity checks of `doctor --deep`, in the order in which they run: credits, usage, subscriptions, money, catalogue, the rest. */
export const checks: readonly Check[] = [
  { name: 'ledger', view: 'subctl.integrity_ledger', repairs: [grantsFromLedger] },
  { name: 'balances', view: 'subctl.integrity_balances' },
  { name: 'entries', view: 'subctl.integrity_entries' },
  { name: 'grants', view: 'subctl.integrity_grants', repairs: [grantsFromLedger] },
  { name: 'expired grants', view: 'subctl.integrity_expired_grants', repairs: [grantsFromLedger] },
  { name: 'grant keys', view: 'subctl.integrity_grant_keys' },
  { name: 'rollovers', view: 'subctl.integrity_rollovers' },
  { name: 'spent credits', view: 'subctl.integrity_spent_credits' },
  { name: 'windows', view: 'subctl.integrity_windows', repairs: [windowCounts] },
  {
    name: 'window rows',
    view: 'subctl.integrity_window_rows',
    repairs: [lostWindows, windowBounds, windowCounts],
  },
  {
    name: 'open windows',
    view: 'subctl.integrity_open_windows',
    repairs: [openWindows, lostWindows, windowCounts],
  },
  { name: 'adjustments', view: 'subctl.integrity_adjustments' },
  { name: 'running totals', view: 'subctl.integrity_running_totals', repairs: [runningTotals] },
  { name: 'rolling limits', view: 'subctl.integrity_rolling_limits' },
  { name: 'closed windows', view: 'subctl.integrity_closed_windows' },
  { name: 'events', view: 'subctl.integrity_events' },
  { name: 'usage keys', view: 'subctl.integrity_usage_keys' },
  { name: 'tokens', view: 'subctl.integrity_tokens' },
  { name: 'costs', view: 'subctl.integrity_costs' },
  { name: 'alerts', view: 'subctl.integrity_alerts' },
  { name: 'missing alerts', view: 'subctl.integrity_missing_alerts' },
  { name: 'reservations', view: 'subctl.integrity_reservations' },
  { name: 'one subscription', view: 'subctl.integrity_one_subscription' },
  {
    name: 'subscription counts',
    view: 'subctl.integrity_subscription_counts',
    repairs: [subscriptionCounts],
  },
  { name: 'usage sums', view: 'subctl.integrity_usage_sums', repairs: [usageSums] },
  { name: 'segments', view: 'subctl.integrity_phases' },
  { name: 'subscriptions and history', view: 'subctl.integrity_subscriptions_and_history' },
  { name: 'statuses', view: 'subctl.integrity_statuses' },
  { name: 'periods', view: 'subctl.integrity_periods' },
  { name: 'renewals', view: 'subctl.integrity_renewals' },
  { name: 'resets', view: 'subctl.integrity_resets' },
  { name: 'invoices', view: 'subctl.integrity_invoices' },
  { name: 'payments', view: 'subctl.integrity_payments' },
  { name: 'refunds', view: 'subctl.integrity_refunds' },
  { name: 'webhooks', view: 'subctl.integrity_webhooks' },
  { name: 'billed periods', view: 'subctl.integrity_billed_periods' },
  { name: 'unused days', view: 'subctl.integrity_unused_days' },
  { name: 'discounts', view: 'subctl.integrity_discounts' },
  { name: 'plans', view: 'subctl.integrity_plans' },
  { name: 'plan rules', view: 'subctl.integrity_plan_rules', repairs: [compiledRules] },
  { name: 'prices', view: 'subctl.integrity_prices' },
  { name: 'price cards', view: 'subctl.integrity_price_cards', repairs: [compiledPrices] },
  checkSettings,
  { name: 'customers', view: 'subctl.integrity_customers', repairs: [missingRows, lostWindows] },
  { name: 'members', view: 'subctl.integrity_members' },
  { name: 'orphans', view: 'subctl.integrity_orphans' },
  { name: 'audit', view: 'subctl.integrity_audit' },
  { name: 'tasks', view: 'subctl.integrity_tasks' },
  { name: 'parked rows', view: 'subctl.integrity_parked_rows' },
];
