import { readCredits } from '../../credits/show.ts';
import { bar } from '../../terminal/bar.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { verb } from '../verb.ts';

export const command = verb({
  examples: [
    ['subctl credits show ann', 'the balance, and how many uses it covers'],
    ['subctl credits show ann --as-of 2026-03-01 --json', 'the balance on 1 March, even if no task has run'],
  ],
  exits: [3],
  rows: true,
  asOf: true,
  parts: ['grants', 'uses_left'],
}).argument('<customer>', 'id of the customer');

/** Prints the credits of a customer with their grants, in the order of use. */
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
          ['days until reset', days_until_reset],
        ],
      },
      {
        title: 'Grants, in order of use',
        columns: [
          { key: 'source' },
          { key: 'priority', align: 'right' },
          { key: 'remaining', align: 'right' },
          { key: 'amount', title: 'granted', align: 'right' },
          { key: 'expires_at', title: 'expires' },
        ],
        rows: grants.map((grant) => ({ ...grant })),
        empty: 'No grants.',
      },
      ...(uses_left.length > 0
        ? [
            {
              title: 'Enough for',
              columns: [
                { key: 'kind' },
                { key: 'cost', title: 'credits per use', align: 'right' as const },
                { key: 'uses', align: 'right' as const },
              ],
              rows: uses_left.map((row) => ({ ...row })),
            },
          ]
        : []),
    ],
  };
}
