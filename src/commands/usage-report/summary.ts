import { findSpan } from '../../reports/span.ts';
import { summariseUsage } from '../../reports/summarise-usage.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { InputOf } from '../command.ts';
import type { Context } from '../context.ts';
import { describeSummary } from './describe-summary.ts';
import type { summary } from './spec.ts';

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
    sections: describeSummary(found, { now, span }),
  };
}
