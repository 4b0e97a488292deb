import { listGroups } from '../../reports/list-groups.ts';
import { findSpan } from '../../reports/span.ts';
import type { RowsOutcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { spanLine } from './span-line.ts';
import { type Options, verb } from '../verb.ts';
import { fromOption, toOption } from './options.ts';

export const command = verb({
  examples: [
    ['subctl usage-report groups', 'this month so far'],
    ['subctl usage-report groups --json', 'as JSON'],
  ],
  rows: 'list',
  asOf: true,
})
  .description(
    'uses, cost and active (members with usage) are of the span; plan and seats are as of its end. ' +
      'Times without a zone are UTC. The bounds are printed in the time zone of the settings.',
  )
  .addOption(fromOption)
  .addOption(toOption);

/** Prints every group with its plan, seats and usage. */
export async function run(context: Context, { from, to }: Options<typeof command>): Promise<RowsOutcome> {
  const db = await context.database();
  const span = await findSpan(db, { from, to, now: await context.now(), timezone: context.timezone });
  return {
    title: 'Groups',
    columns: [
      { key: 'group' },
      { key: 'name', optional: true },
      { key: 'plan' },
      { key: 'status', optional: true },
      { key: 'members', align: 'right' },
      { key: 'seats', align: 'right', show: (value) => (value === null ? 'any' : String(value as number)) },
      { key: 'used_by', title: 'active', align: 'right', optional: true },
      { key: 'uses', align: 'right' },
      { key: 'cost', align: 'right' },
    ],
    rows: (await listGroups(db, span)).map((row) => ({ ...row })),
    footer: [spanLine(span)],
    empty: 'There are no groups',
    timezone: span.timezone,
  };
}
