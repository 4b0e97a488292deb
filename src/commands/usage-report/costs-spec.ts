import { type Loading, command } from '../command.ts';
import { span, zones } from './span-spec.ts';

export const costs = command({
  path: 'usage-report costs',
  summary: 'Show what uses cost by model, provider, plan, kind or customer, and what is earned on them',
  description: `Every use of the span is in one row, so that each grouping has the same total. unpriced are the uses that no price is known for: pricing unpriced lists them, and their cost is in no row.

--margin sets what customers paid against what they cost, by plan or customer, the least first. Revenue is by accrual: a line of an invoice that is open or paid counts for the share of its period that lies in the span; refunds when they were made; taxes not at all. margin % is of the revenue, mark-up % of the cost. Each amount is rounded to what can be paid in its currency, and nothing is converted: there is no margin where costs have another currency. ${zones}`,
  group: 'look',
  options: [
    {
      flag: '--by',
      value: 'what',
      kind: 'choice',
      choices: ['model', 'provider', 'plan', 'kind', 'customer'],
      about: 'one row each (model; with --margin plan)',
    },
    { flag: '--margin', about: 'against what was paid, by plan or customer' },
    ...span,
  ],
  examples: [
    { command: 'subctl usage-report costs', about: 'this month so far, by model' },
    { command: 'subctl usage-report costs --by customer --format csv', about: 'what each customer cost' },
    {
      command: 'subctl usage-report costs --margin --from 2026-01-01 --to 2026-02-01',
      about: 'what January’s plans brought',
    },
  ],
  rows: true,
  asOf: true,
  load: (): Loading => import('./costs.ts'),
});
