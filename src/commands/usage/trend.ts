import { Failure } from '../../domain/failure.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import { usageTrend } from '../../usage/trend.ts';
import type { InputOf } from '../command.ts';
import type { Context } from '../context.ts';
import { trendLines, trendSections } from './trend-page.ts';
import type { usageTrend as spec } from './trend-spec.ts';

/** Prints a customer's use over time, in its own time zone. */
export async function run(context: Context, input: InputOf<typeof spec>): Promise<Outcome> {
  const { customer, months, meter } = input;
  const by = input.by ?? 'month';
  if (months !== undefined && by !== 'month')
    throw new Failure('usage', `The --months ${months} are calendar months, and --by is ${by}`, {
      hint: `Give --by ${by} --count ${months}`,
    });
  const now = await context.now();
  const asked = { customer, now, by, count: months ?? input.count, meter };
  const trend = await usageTrend(await context.database(), asked);
  return {
    record: { as_of: now, ...trend },
    timezone: trend.timezone,
    title: `Use of ${customer} by ${by}`,
    sections: trendSections(trend),
    lines: trendLines(trend),
  };
}
