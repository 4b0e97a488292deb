import { bar } from '../../terminal/bar.ts';
import type { Column, Outcome } from '../../terminal/outcome.ts';
import { showUsage } from '../../usage/show.ts';
import type { Context } from '../context.ts';
import { type Options, verb } from '../verb.ts';

export const command = verb({
  examples: [
    ['subctl usage show ann', 'limits with bars, in the time zone of ann'],
    ['subctl usage show ann --as-of 2026-03-01 --json', 'usage as of 1 March'],
  ],
  exits: [3],
  rows: true,
  asOf: true,
  parts: ['limits'],
})
  .argument('<customer>', 'id of the customer')
  .option('--all', 'include unlimited meters without usage', false);

const columns: Column[] = [
  { key: 'meter' },
  { key: 'window' },
  { key: 'member', optional: true },
  { key: 'used', align: 'right' },
  { key: 'limit', align: 'right', show: (limit) => (limit === null ? 'unlimited' : String(limit)) },
  { key: 'remaining', title: 'left', align: 'right', optional: true },
  { key: 'percent', title: '%', align: 'right' },
  { key: 'bar', title: '', optional: true },
  { key: 'resets_at', title: 'resets' },
];

/** Prints a customer's usage of every limit, in the customer's time zone. */
export async function run(
  context: Context,
  customer: string,
  { all }: Options<typeof command>,
): Promise<Outcome> {
  const usage = await showUsage(await context.database(), customer, await context.now());
  const { plan, status, usage_status, period_start, period_end, timezone, limits, credits } = usage;
  const shown = limits.filter(({ limit, used }) => all || limit !== null || used !== '0');
  const members = shown.some(({ member }) => member !== null);
  return {
    record: { ...usage },
    title: customer,
    timezone,
    sections: [
      {
        entries: [
          ['plan', plan && status !== 'none' ? `${plan}, ${status}` : (plan ?? status)],
          ['usage', usage_status.replace('_', ' ')],
          ['period from', period_start],
          ['period to', period_end],
          ['credits', credits.unlimited ? 'unlimited' : `${credits.balance} of ${credits.allotted}`],
          ...(credits.next_reset ? ([['credits renew', credits.next_reset]] as [string, unknown][]) : []),
        ],
      },
      {
        title: 'Limits',
        columns: columns.filter(({ key }) => members || key !== 'member'),
        rows: shown.map((limit) => ({ ...limit, bar: bar(limit.percent) })),
        empty: 'There are no limits and no usage.',
      },
    ],
  };
}
