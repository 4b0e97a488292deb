import { type Loading, command } from '../command.ts';
import { costs } from './costs-spec.ts';
import { dashboard } from './dashboard-spec.ts';
import { span, zones } from './span-spec.ts';
import { trends } from './trends-spec.ts';

export const summary = command({
  path: 'usage-report summary',
  summary: 'Show the whole business on one page',
  description: `Customers and subscriptions as they stand now, usage of the windows that are open now, credits of the cycles under way, and events, cost and refusals of a span.

Credits are summed over each customer's own cycle, so the percentage is right whenever the cycles began. ${zones}`,
  group: 'look',
  options: span,
  examples: [
    { command: 'subctl usage-report summary', about: 'this month so far' },
    { command: 'subctl usage-report summary --from 2026-01-01 --to 2026-02-01 --json', about: 'January' },
  ],
  rows: true,
  asOf: true,
  load: (): Loading => import('./summary.ts'),
});

export const plans = command({
  path: 'usage-report plans',
  summary: 'Show subscribers, allowances and use of every plan',
  description: `allotted and used are the plan's credits in each subscriber's own cycle, or with --meter that meter's limits and its use in the windows open now; nothing for allotted is unlimited. events and cost are those of the span. others have the plan without a subscription: it is the default plan, or the one they fell back to. ${zones}`,
  group: 'look',
  options: [
    { flag: '--meter', value: 'meter', about: 'this meter in place of credits' },
    { flag: '--window', value: 'window', kind: 'window', default: 'month', about: 'its window' },
    ...span,
  ],
  examples: [
    { command: 'subctl usage-report plans', about: 'every plan, with its credits' },
    { command: 'subctl usage-report plans --format csv', about: 'the same for a spreadsheet' },
  ],
  exits: [3],
  rows: true,
  asOf: true,
  load: (): Loading => import('./plans.ts'),
});

export const top = command({
  path: 'usage-report top',
  summary: 'Show the customers who use the most',
  description: `value is what a customer used in the span and share its part of what all used. plan is the one at the end of the span. ${zones}`,
  group: 'look',
  options: [
    {
      flag: '--by',
      value: 'what',
      default: 'cost',
      about: 'credits, cost, calls or the id of a meter',
    },
    {
      flag: '--count',
      value: 'number',
      kind: 'integer',
      min: 1,
      max: 100_000,
      default: 10,
      about: 'how many',
    },
    ...span,
  ],
  examples: [
    {
      command: 'subctl usage-report top --by credits',
      about: 'the ten who spent the most credits this month',
    },
    {
      command: 'subctl usage-report top --by calls --count 3 --format csv',
      about: 'the three with the most calls',
    },
  ],
  exits: [3],
  rows: true,
  asOf: true,
  load: (): Loading => import('./top.ts'),
});

export const revenue = command({
  path: 'usage-report revenue',
  summary: 'Show what was invoiced, paid, given back and is overdue, and the monthly revenue',
  description: `By plan and currency; nothing is converted. invoiced is what was issued in the span and not taken back, paid and refunded what came and went in it, overdue what was due before its end and not paid by then. mrr is price times seats of every subscription that is active or past due and is paid for, as they stand now, per month: a year is twelve months, a month 30.4375 days. ${zones}`,
  group: 'look',
  options: span,
  examples: [
    { command: 'subctl usage-report revenue', about: 'this month so far' },
    {
      command: 'subctl usage-report revenue --from 2026-01-01 --to 2026-02-01 --format csv',
      about: 'January',
    },
  ],
  rows: true,
  asOf: true,
  load: (): Loading => import('./revenue.ts'),
});

export const groups = command({
  path: 'usage-report groups',
  summary: 'Show every group with its plan, seats and use',
  description: `uses, cost and the members who used something are those of the span; plan and seats those at its end. ${zones}`,
  group: 'look',
  options: span,
  examples: [
    { command: 'subctl usage-report groups', about: 'this month so far' },
    { command: 'subctl usage-report groups --json', about: 'for a program' },
  ],
  rows: true,
  asOf: true,
  load: (): Loading => import('./groups.ts'),
});

export const providers = command({
  path: 'usage-report providers',
  summary: 'Show calls, tokens, cost, time and errors of every provider',
  description: `mean ms is of the calls that said how long they took, errors % the failed calls in a hundred: both are of all calls in the span. A use that was taken back is no call, and one that names no provider is in no row. ${zones}`,
  group: 'look',
  options: span,
  examples: [
    { command: 'subctl usage-report providers', about: 'this month so far' },
    {
      command: 'subctl usage-report providers --from 2026-01-01 --to 2026-02-01 --format csv',
      about: 'January, for a spreadsheet',
    },
  ],
  rows: true,
  asOf: true,
  load: (): Loading => import('./providers.ts'),
});

export const usageReport = [
  dashboard,
  summary,
  plans,
  top,
  revenue,
  groups,
  providers,
  costs,
  trends,
] as const;
