import { findSpan } from '../../reports/span.ts';
import { summariseUsage } from '../../reports/summarise-usage.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { InputOf } from '../command.ts';
import type { Context } from '../context.ts';
import { describeSummary } from './describe-summary.ts';
import { inOneSnapshot } from './in-one-snapshot.ts';
import type { summary } from './spec.ts';

/** The summary: one record for machines, three parts for people. */
export async function run(context: Context, { from, to }: InputOf<typeof summary>): Promise<Outcome> {
  const now = await context.now();
  const { span, ...found } = await inOneSnapshot(context, async (db) => {
    const span = await findSpan(db, { from, to, now });
    return { span, ...(await summariseUsage(db, { now, past: context.asOf !== undefined, span })) };
  });
  const { timezone } = span;
  return {
    record: { as_of: now, from: span.from, to: span.to, timezone, ...found },
    timezone,
    sections: describeSummary(found, { now, span }),
  };
}
