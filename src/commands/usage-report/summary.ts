import { findSpan } from '../../reports/span.ts';
import { summariseUsage } from '../../reports/summarise-usage.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { describeSummary } from './describe-summary.ts';
import { inOneSnapshot } from './in-one-snapshot.ts';
import { type Options, verb } from '../verb.ts';
import { fromOption, toOption } from './options.ts';

export const command = verb({
  examples: [
    ['subctl usage-report summary', 'this month so far'],
    ['subctl usage-report summary --from 2026-01-01 --to 2026-02-01 --json', 'January, as JSON'],
  ],
  rows: true,
  asOf: true,
})
  .description(
    'Shows customers and subscriptions now, usage of open windows, credits of current cycles, and ' +
      "events, cost and refusals of a span.\n\nCredits are summed over each customer's own cycle, so the " +
      'percentage is correct whenever the cycles began. Times without a zone are UTC. The bounds are ' +
      'printed in the time zone of the settings.',
  )
  .addOption(fromOption)
  .addOption(toOption);

/** Prints the summary: one record as JSON, three sections as text. */
export async function run(context: Context, { from, to }: Options<typeof command>): Promise<Outcome> {
  const now = await context.now();
  const { span, ...found } = await inOneSnapshot(context, async (db) => {
    const span = await findSpan(db, { from, to, now, timezone: context.timezone });
    return { span, ...(await summariseUsage(db, { now, past: context.asOf !== undefined, span })) };
  });
  const { timezone } = span;
  return {
    record: { as_of: now, from: span.from, to: span.to, timezone, ...found },
    timezone,
    sections: describeSummary(found, { now, span }),
  };
}
