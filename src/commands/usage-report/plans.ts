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
    ['subctl usage-report plans', 'every plan with its credits'],
    ['subctl usage-report plans --format csv', 'as CSV'],
  ],
  exits: [3],
  rows: 'list',
  asOf: true,
})
  .description(
    'allotted and used are the plan credits in the current cycle of each subscriber. With --meter ' +
      'they are the limits of the meter and its usage in open windows; an empty allotted means ' +
      'unlimited. events and cost are of the span. fallback (others in JSON) counts customers that ' +
      'have the plan as default or fallback plan, without a subscription. Times without a zone are ' +
      'UTC. The bounds are printed in the time zone of the settings.',
  )
  .option('--meter <meter>', 'show this meter instead of credits')
  .option('--window <window>', 'window of the meter', window, 'month')
  .addOption(fromOption)
  .addOption(toOption);

const columns: readonly Column[] = [
  { key: 'plan' },
  { key: 'name', hidden: true },
  { key: 'active', hidden: true },
  { key: 'subscribers', title: 'subs', align: 'right' },
  { key: 'share', align: 'right', show: percent },
  { key: 'others', title: 'fallback', align: 'right' },
  { key: 'allotted', align: 'right', show: (value) => (value === null ? 'unlimited' : String(value)) },
  { key: 'used', align: 'right' },
  { key: 'percent', title: 'used %', align: 'right', show: percent },
  { key: 'events', align: 'right', optional: true },
  { key: 'cost', align: 'right', optional: true },
];

/** Prints every plan with its subscribers, allowances and usage. */
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
