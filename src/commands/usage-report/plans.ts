import { countPlans, countPlansByMeter } from '../../reports/count-plans.ts';
import { findSpan } from '../../reports/span.ts';
import type { Column, Outcome } from '../../terminal/outcome.ts';
import type { InputOf } from '../command.ts';
import type { Context } from '../context.ts';
import { inOneSnapshot } from './in-one-snapshot.ts';
import type { plans } from './spec.ts';
import { spanLine } from './span-line.ts';

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
export async function run(context: Context, input: InputOf<typeof plans>): Promise<Outcome> {
  const { meter, window, from, to } = input;
  const now = await context.now();
  const { span, rows } = await inOneSnapshot(context, async (db) => {
    const span = await findSpan(db, { from, to, now });
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
