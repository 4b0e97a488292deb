import { countPlans, countPlansByMeter } from '../../reports/count-plans.ts';
import { findSpan } from '../../reports/span.ts';
import type { Column, Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { inOneSnapshot } from './in-one-snapshot.ts';
import { spanLine } from './span-line.ts';
import { type Options, verb } from '../verb.ts';
import { window } from '../readers.ts';
import { fromOption, toOption } from './options.ts';

export const command = verb({
  examples: [
    ['subctl usage-report plans', 'every plan, with its credits'],
    ['subctl usage-report plans --format csv', 'the same for a spreadsheet'],
  ],
  exits: [3],
  rows: 'list',
  asOf: true,
})
  .description(
    "allotted and used are the plan's credits in each subscriber's own cycle, or with --meter that " +
      "meter's limits and its use in the windows open now; nothing for allotted is unlimited. events " +
      'and cost are those of the span. others have the plan without a subscription: it is the default ' +
      'plan, or the one they fell back to. Times without a zone are UTC; the bounds are printed in the ' +
      'zone of the settings, with their offset.',
  )
  .option('--meter <meter>', 'this meter in place of credits')
  .option('--window <window>', 'its window', window, 'month')
  .addOption(fromOption)
  .addOption(toOption);

const columns: readonly Column[] = [
  { key: 'plan' },
  { key: 'name', hidden: true },
  { key: 'active', hidden: true },
  { key: 'subscribers', title: 'subs', align: 'right' },
  { key: 'share', align: 'right', show: percent },
  { key: 'others', align: 'right' },
  { key: 'allotted', align: 'right', show: (value) => (value === null ? 'unlimited' : String(value)) },
  { key: 'used', align: 'right' },
  { key: 'percent', title: 'used %', align: 'right', show: percent },
  { key: 'events', align: 'right', optional: true },
  { key: 'cost', align: 'right', optional: true },
];

/** Every plan with its subscribers and what they were given and used. */
export async function run(context: Context, input: Options<typeof command>): Promise<Outcome> {
  const { meter, window, from, to } = input;
  const now = await context.now();
  const { span, rows } = await inOneSnapshot(context, async (db) => {
    const span = await findSpan(db, { from, to, now, timezone: context.timezone });
    const asked = { now, past: context.asOf !== undefined, span };
    return {
      span,
      rows: meter ? await countPlansByMeter(db, { ...asked, meter, window }) : await countPlans(db, asked),
    };
  });
  return {
    columns,
    rows: rows.map((row) => ({ ...row })),
    title: `Plans: ${meter ? `${meter} per ${window}` : 'credits'}`,
    footer: [`events and cost from ${spanLine(span)}`],
    empty: 'There are no plans.',
    timezone: span.timezone,
  };
}

function percent(value: unknown): string {
  return value === null ? '-' : `${String(value)} %`;
}
