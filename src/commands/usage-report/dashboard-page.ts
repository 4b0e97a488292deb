import { sumAmounts } from '../../domain/amounts.ts';
import type { Dashboard } from '../../reports/dashboard.ts';
import type { PlanStanding } from '../../reports/count-standings.ts';
import type { RevenueRow } from '../../reports/revenue.ts';
import type { Span } from '../../reports/span.ts';
import { bar } from '../../terminal/bar.ts';
import type { Column, Row, Section } from '../../terminal/outcome.ts';
import { showCost } from '../../terminal/rounded.ts';
import { sparkline } from '../../terminal/sparkline.ts';
import { showInstant } from '../../terminal/values.ts';
import { monthCharts } from './trends-page.ts';

const counts = ['trialing', 'active', 'past_due', 'paused', 'others'] as const;
const right = (key: string, title?: string): Column => ({ key, align: 'right', ...(title && { title }) });

/** The sections of the dashboard, most important first. */
export function dashboardSections(
  found: Dashboard,
  { tasks, span }: { tasks: Row[]; span: Span },
): Section[] {
  const { plans, revenue, near_limits: near, trends } = found;
  const { currency, cost_currency: cost, months } = trends;
  return [
    { title: `Since ${showInstant(span.from, span.timezone)}`, entries: entriesOf(found) },
    { charts: [...monthCharts(months, { currency, cost }), planChart(plans)] },
    {
      title: 'Plans',
      columns: [{ key: 'plan' }, ...counts.map((key) => right(key, key === 'others' ? 'fallback' : undefined)), { key: 'mrr', title: 'MRR', align: 'right' }],
      rows: plans.map((plan) => ({ ...plan, mrr: mrrOf(plan, revenue) })),
      empty: 'There are no plans.',
    },
    {
      title: 'Revenue',
      columns: [{ key: 'currency', title: '' }, right('invoiced'), right('paid'), right('refunded'), right('overdue'), right('mrr', 'MRR')],
      rows: moneyOf(revenue),
      empty: 'No invoices.',
    },
    {
      title: 'Closest to their limits',
      columns: [
        { key: 'customer' },
        { key: 'meter' },
        { key: 'window' },
        right('used'),
        right('limit'),
        right('percent', '%'),
        { key: 'bar', title: '', optional: true },
      ],
      rows: near.map((row) => ({ ...row, bar: bar(row.percent) })),
      empty: 'No customer has used 80 % of a limit.',
    },
    {
      title: 'Alerts of the last seven days',
      columns: [{ key: 'at' }, { key: 'severity' }, { key: 'customer' }, { key: 'meter' }, { key: 'window', optional: true }, right('threshold', '%')],
      rows: found.alerts.latest.map((row) => ({ ...row })),
      empty: 'No alerts.',
    },
    {
      title: 'Tasks',
      columns: [
        { key: 'task' },
        { key: 'last_run', title: 'last run', show: (value) => dayAndTime(value, span, 'never') },
        { key: 'outcome', title: 'result' },
        right('done'),
        right('parked'),
        { key: 'next_due', title: 'next', show: (value, row) => (row['state'] === 'on' ? dayAndTime(value, span, '-') : String(row['state'])) },
      ],
      rows: tasks,
    },
  ]; // prettier-ignore
}

function entriesOf({ summary, projected_cost: projected, alerts, trends }: Dashboard): [string, unknown][] {
  const {
    customers,
    active,
    trialing,
    past_due: late,
    paused,
    without_subscription: none,
    events,
    cost,
    currency,
    unpriced_events: unpriced,
    refusals,
  } = summary;
  const standing = ([[active, 'active'], [trialing, 'trialing'], [late, 'past due'], [paused, 'paused'], [none, 'without a subscription']] as const)
    .filter(([n]) => n > 0); // prettier-ignore
  const line = (key: 'uses' | 'cost' | 'mrr') =>
    sparkline(trends.months.map((month) => (month[key] === null ? null : String(month[key]))));
  const ahead =
    projected === null ? 'not enough history' : `${showCost(projected, currency)} by the end of the month`;
  return [
    [
      'customers',
      `${customers}${standing.length > 0 ? ': ' : ''}${standing.map(([n, word]) => `${n} ${word}`).join(', ')}`,
    ],
    ['uses', `${events}  ${line('uses')}`],
    ['cost', `${showCost(cost, currency)} ${currency}, ${ahead}  ${line('cost')}`],
    ['MRR', `${trends.months.at(-1)!.mrr} ${trends.currency}  ${line('mrr')}`],
    ['refused', refusals],
    ...(unpriced > 0
      ? [['unpriced', `${unpriced} events: subctl pricing unpriced`] as [string, unknown]]
      : []),
    [
      'alerts',
      `${alerts.error} at the limit, ${alerts.warning} from 90 %, ${alerts.info} below; ${alerts.unread} unread`,
    ],
  ];
}

const planChart = (plans: readonly PlanStanding[]) => ({
  title: 'Customers by plan',
  kind: 'ranking' as const,
  labels: plans.map(({ plan }) => plan),
  values: plans.map((plan) => String(counts.reduce((sum, key) => sum + plan[key], 0))),
});

const mrrOf = ({ plan }: PlanStanding, revenue: readonly RevenueRow[]): string =>
  revenue.filter((row) => row.plan === plan && /[1-9]/.test(row.mrr)).map(({ mrr, currency }) => `${mrr} ${currency}`).join(', ') || '0'; // prettier-ignore

/** Sums the revenue of all plans by currency. */
function moneyOf(revenue: readonly RevenueRow[]): Row[] {
  const currencies = [...new Set(revenue.map(({ currency }) => currency))];
  return currencies.map((currency) => {
    const rows = revenue.filter((row) => row.currency === currency);
    const sum = (key: 'invoiced' | 'paid' | 'refunded' | 'overdue' | 'mrr') =>
      sumAmounts(rows.map((row) => row[key]));
    return {
      currency,
      invoiced: sum('invoiced'),
      paid: sum('paid'),
      refunded: sum('refunded'),
      overdue: sum('overdue'),
      mrr: sum('mrr'),
    };
  });
}

function dayAndTime(value: unknown, { timezone }: Span, none: string): string {
  return value instanceof Date ? showInstant(value, timezone).slice(0, 16) : none;
}
