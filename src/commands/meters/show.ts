import { describeMeter } from '../../catalog/describe-meter.ts';
import { showMeter } from '../../catalog/list-meters.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { verb } from '../verb.ts';

export const command = verb({
  examples: [
    ['subctl meters show messages', 'what the meter counts, and its limits'],
    ['subctl meters show messages --json', 'as JSON'],
  ],
  exits: [3],
  rows: true,
  parts: ['limits'],
}).argument('<meter>', 'id of the meter');

/** Prints a meter, the kinds of event that count on it, and its limits. */
export async function run(context: Context, id: string): Promise<Outcome> {
  const { id: meter, words, limits, ...facts } = await showMeter(await context.database(), id);
  return {
    record: {
      meter,
      ...facts,
      words,
      limits: limits.map(({ value, ...limit }) => ({ ...limit, limit: value })),
    },
    sections: [
      {
        title: `Meter ${meter}`,
        entries: [
          ...Object.entries(describeMeter({ id: meter, ...facts })),
          ['words', words?.join(', ') ?? 'any'],
        ],
      },
      {
        columns: [
          { key: 'plan' },
          { key: 'window' },
          { key: 'scope' },
          {
            key: 'value',
            title: 'limit',
            align: 'right',
            show: (value) => (value as string | null) ?? 'unlimited',
          },
        ],
        rows: limits,
        empty: 'No plan limits this meter',
      },
    ],
  };
}
