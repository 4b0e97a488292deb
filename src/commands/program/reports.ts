import { inGroup } from '../program-types.ts';
import { entry } from '../verb.ts';

/** Commands that report. */
export const reports = inGroup('look', {
  'usage-report': {
    summary: 'Show reports: dashboard, revenue, costs, trends',
    verbs: {
      dashboard: entry(
        'Show a dashboard: subscriptions, revenue, usage, alerts, tasks',
        () => import('../usage-report/dashboard.ts'),
      ),
      summary: entry(
        'Show a summary of customers, usage, credits and cost',
        () => import('../usage-report/summary.ts'),
      ),
      plans: entry(
        'Show subscribers, allowances and usage by plan',
        () => import('../usage-report/plans.ts'),
      ),
      top: entry('Show the customers with the highest usage', () => import('../usage-report/top.ts')),
      revenue: entry(
        'Show revenue: invoiced, paid, refunded, overdue, MRR',
        () => import('../usage-report/revenue.ts'),
      ),
      groups: entry('Show groups with plan, seats and usage', () => import('../usage-report/groups.ts')),
      providers: entry(
        'Show calls, tokens, cost, latency and errors by provider',
        () => import('../usage-report/providers.ts'),
      ),
      costs: entry(
        'Show usage cost and margin by model, provider, plan, kind or customer',
        () => import('../usage-report/costs.ts'),
      ),
      trends: entry(
        'Show trends by month: usage, cost, customers, subscriptions, MRR',
        () => import('../usage-report/trends.ts'),
      ),
    },
  },
  audit: {
    summary: 'The audit log: who changed what, when and why',
    verbs: {
      list: entry('List changes with actor and reason', () => import('../audit/list.ts')),
      show: entry('Show a change and every row that it wrote', () => import('../audit/show.ts')),
    },
  },
  retention: {
    summary: 'List and set data retention',
    verbs: {
      list: entry('List the retention of each table', () => import('../retention/list.ts')),
      set: entry('Set the retention of a table', () => import('../retention/set.ts')),
    },
  },
  periods: entry('List billing periods from an anchor', () => import('../periods/list.ts')),
});
