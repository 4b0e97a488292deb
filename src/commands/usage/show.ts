import { bar } from '../../terminal/bar.ts';
import type { Column, Outcome } from '../../terminal/outcome.ts';
import { showUsage } from '../../usage/show.ts';
import type { InputOf } from '../command.ts';
import type { Context } from '../context.ts';
import type { Specs } from './spec.ts';

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

/** Prints what a customer has used of every limit, in its own time zone. */
export async function run(context: Context, { customer, all }: InputOf<Specs['show']>): Promise<Outcome> {
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
        empty: 'Nothing is limited and nothing has been used.',
      },
    ],
  };
}
