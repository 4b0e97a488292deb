import { type Loading, command } from '../command.ts';

export const usageTrend = command({
  path: 'usage trend',
  summary: 'Show what a customer used and cost month by month',
  description: `One sum for every calendar month of the customer's time zone, the one under way last: cost, uses, and each meter that counted something. A month without use is 0. The change is against the month before, in per cent, and nothing where that was 0.

Sums are of the events themselves. Of months whose events were taken away (prune) they are those of the windows that were closed: a month's, or its days'. A meter that only other windows counted is not known then, which is nothing in JSON and CSV and · in a line.`,
  group: 'use',
  arguments: [{ name: 'customer', about: 'id of the customer' }],
  options: [
    {
      flag: '--by',
      value: 'unit',
      kind: 'choice',
      choices: ['day', 'week', 'month', 'period'],
      about: 'calendar days, weeks from Monday, months, or billing periods (month)',
    },
    {
      flag: '--count',
      value: 'number',
      kind: 'integer',
      min: 1,
      max: 400,
      default: 6,
      about: 'how many of them',
    },
    {
      flag: '--months',
      value: 'number',
      kind: 'integer',
      min: 1,
      max: 400,
      about: 'so many calendar months',
    },
    { flag: '--meter', value: 'meter', about: 'only this meter, and each month in a line of its own' },
  ],
  examples: [
    { command: 'subctl usage trend ann', about: 'the last six months, with a line for each meter' },
    {
      command: 'subctl usage trend ann --by day --count 14 --meter messages',
      about: 'messages of two weeks',
    },
    { command: 'subctl usage trend ann --months 12 --format csv', about: 'a year for a spreadsheet' },
  ],
  exits: [3],
  rows: true,
  asOf: true,
  load: (): Loading => import('./trend.ts'),
});
