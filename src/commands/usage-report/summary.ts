import { findSpan } from '../../reports/span.ts';
import { summariseUsage } from '../../reports/summarise-usage.ts';
import type { Column, Outcome } from '../../terminal/outcome.ts';
import { showInstant } from '../../terminal/values.ts';
import type { InputOf } from '../command.ts';
import type { Context } from '../context.ts';
import type { summary } from './spec.ts';
import { spanLine } from './span-line.ts';

const meterColumns: readonly Column[] = [
  { key: 'meter' },
  { key: 'window' },
  { key: 'customers', align: 'right' },
  { key: 'used', align: 'right' },
  { key: 'refused', align: 'right' },
];

/** The summary: one record for machines, three parts for people. */
export async function run(context: Context, { from, to }: InputOf<typeof summary>): Promise<Outcome> {
  const db = await context.database();
  const now = await context.now();
  const span = await findSpan(db, { from, to, now });
  const found = await summariseUsage(db, { now, past: context.asOf !== undefined, span });
  const { timezone } = span;
  return {
    record: { as_of: now, from: span.from, to: span.to, timezone, ...found },
    timezone,
    sections: [
      {
        title: `Standing at ${showInstant(now, timezone)}`,
        entries: [
          ['customers', found.customers],
          ['trialing', found.trialing],
          ['active', found.active],
          ['past due', found.past_due],
          ['paused', found.paused],
          ['without a subscription', found.without_subscription],
          ['credits', creditLine(found)],
        ],
      },
      {
        title: `From ${spanLine(span)}`,
        entries: [
          ['events', found.events],
          ['tokens', found.tokens],
          ['cost', `${found.cost} ${found.currency}`],
          ['events without a price', found.unpriced_events],
          ['refusals', found.refusals],
        ],
      },
      {
        title: 'Windows that are open now',
        columns: meterColumns,
        rows: found.meters.map((meter) => ({ ...meter })),
        empty: 'Nothing is used in them.',
      },
    ],
  };
}

function creditLine(found: {
  credits_allotted: string;
  credits_used: string;
  credits_percent: string | null;
}) {
  const { credits_allotted, credits_used, credits_percent } = found;
  return credits_percent === null ? 'none' : `${credits_used} of ${credits_allotted} (${credits_percent} %)`;
}
