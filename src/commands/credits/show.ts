import { readCredits } from '../../credits/show.ts';
import { bar } from '../../terminal/bar.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { verb } from '../verb.ts';

export const command = verb({
  examples: [
    ['subctl credits show ann', 'what ann has left, and for how many uses'],
    [
      'subctl credits show ann --as-of 2026-03-01 --json',
      'with what is due on 1 March, whether or not a task has run',
    ],
  ],
  exits: [3],
  rows: true,
  asOf: true,
  parts: ['grants', 'uses_left'],
}).argument('<customer>', 'id of the customer');

/** Prints the credits of a customer with their grants, in the order in which they are used up. */
export async function run(context: Context, customer: string): Promise<Outcome> {
  const { timezone, ...record } = await readCredits(await context.database(), customer, await context.now());
  const { balance, used, allotted, percent, next_reset, days_until_reset, grants, uses_left } = record;
  return {
    record: { ...record },
    title: customer,
    timezone,
    sections: [
      {
        entries: [
          ['balance', record.unlimited ? 'unlimited' : balance],
          ['used', percent === null ? used : `${used} of ${allotted} ${bar(percent)} ${percent} %`],
          ['next reset', next_reset],
          ['days until then', days_until_reset],
        ],
      },
      {
        title: 'Grants, the next to be used first',
        columns: [
          { key: 'source' },
          { key: 'priority', align: 'right' },
          { key: 'remaining', align: 'right' },
          { key: 'amount', title: 'of', align: 'right' },
          { key: 'expires_at', title: 'expires' },
        ],
        rows: grants.map((grant) => ({ ...grant })),
        empty: 'There are none.',
      },
      ...(uses_left.length > 0
        ? [
            {
              title: 'Enough for',
              columns: [
                { key: 'kind' },
                { key: 'cost', title: 'credits each', align: 'right' as const },
                { key: 'uses', align: 'right' as const },
              ],
              rows: uses_left.map((row) => ({ ...row })),
            },
          ]
        : []),
    ],
  };
}
