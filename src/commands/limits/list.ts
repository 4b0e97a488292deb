import { listLimits as list } from '../../customers/list-limits.ts';
import type { RowsOutcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { type Options, verb } from '../verb.ts';

export const command = verb({
  examples: [
    ['subctl limits list ann', 'what holds for ann in place of the plan'],
    ['subctl limits list ann --all --json', 'with all that ever held'],
  ],
  exits: [3],
  rows: 'list',
  asOf: true,
})
  .description('All limits that hold, the plan’s too, are in: subctl customers show.')
  .argument('<customer>', 'id of the customer')
  .option('--all', 'those that are over, too', false);

const unlimited = (value: unknown) => (value === null ? 'unlimited' : String(value));

/** Prints a customer's own limits beside the plan's. */
export async function run(
  context: Context,
  customer: string,
  { all }: Options<typeof command>,
): Promise<RowsOutcome> {
  const rows = await list(await context.database(), { customer, all, now: await context.now() });
  return {
    columns: [
      { key: 'meter' },
      { key: 'window' },
      { key: 'scope', optional: true },
      { key: 'limit', align: 'right', show: unlimited },
      { key: 'plan_limit', align: 'right', show: unlimited },
      { key: 'plan', optional: true },
      { key: 'starts_at' },
      { key: 'ends_at' },
      { key: 'reason' },
      { key: 'actor', optional: true },
    ],
    rows: rows.map((row) => ({ ...row })),
    empty: `${customer} has no limits of its own`,
  };
}
