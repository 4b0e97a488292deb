import { inGroup } from '../program-types.ts';
import { entry } from '../verb.ts';

/** Commands that report. */
export const reports = inGroup('look', {
  'usage-report': {
    summary: 'Reports: dashboard, revenue, costs, trends',
    verbs: {
      dashboard: entry(
        'Show everything at a glance: subscriptions, money, use, limits, alerts, tasks',
        () => import('../usage-report/dashboard.ts'),
      ),
      summary: entry('Show the whole business on one page', () => import('../usage-report/summary.ts')),
      plans: entry(
        'Show subscribers, allowances and use of every plan',
        () => import('../usage-report/plans.ts'),
      ),
      top: entry('Show the customers who use the most', () => import('../usage-report/top.ts')),
      revenue: entry(
        'Show what was invoiced, paid, given back and is overdue, and the monthly revenue',
        () => import('../usage-report/revenue.ts'),
      ),
      groups: entry(
        'Show every group with its plan, seats and use',
        () => import('../usage-report/groups.ts'),
      ),
      providers: entry(
        'Show calls, tokens, cost, time and errors of every provider',
        () => import('../usage-report/providers.ts'),
      ),
      costs: entry(
        'Show what uses cost by model, provider, plan, kind or customer, and what is earned on them',
        () => import('../usage-report/costs.ts'),
      ),
      trends: entry(
        'Show the business month by month: use, cost, customers, subscriptions, monthly revenue',
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
    summary: 'How long records are kept',
    verbs: {
      list: entry('List how long data is kept, by table', () => import('../retention/list.ts')),
      set: entry('Set how long the data of a table is kept', () => import('../retention/set.ts')),
    },
  },
  periods: entry('Billing periods that follow from an anchor', () => import('../periods/list.ts')),
});
