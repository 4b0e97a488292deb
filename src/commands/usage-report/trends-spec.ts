import { type Loading, command } from '../command.ts';

export const trends = command({
  path: 'usage-report trends',
  summary: 'Show the business month by month: use, cost, customers, subscriptions, monthly revenue',
  description: `One row for each calendar month of the settings' zone, the one under way last; a month without anything is there with 0. Use and cost are those of the events, and not known of months whose events were taken away. Active customers used something. Subscriptions are counted as they stood at the end of the month, free ones and fallback plans too; mrr is what those who paid then brought a month, at today's price of their present plan and interval and the catalogue's of an earlier one: a year is twelve months, a month 30.4375 days. --format html draws them.`,
  group: 'look',
  options: [
    { flag: '--months', value: 'number', kind: 'integer', min: 1, max: 120, default: 6, about: 'how many' },
    {
      flag: '--currency',
      value: 'code',
      about: 'of mrr (that of costs, or in which most pay); nothing is converted',
    },
  ],
  examples: [
    { command: 'subctl usage-report trends', about: 'the last six months' },
    {
      command: 'subctl usage-report trends --months 24 --format html --output trends.html',
      about: 'two years as a page with charts',
    },
  ],
  rows: true,
  asOf: true,
  load: (): Loading => import('./trends.ts'),
});
