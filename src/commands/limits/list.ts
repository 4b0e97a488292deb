import { listLimits as list } from '../../customers/list-limits.ts';
import type { RowsOutcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { type Options, verb } from '../verb.ts';

export const command = verb({
  examples: [
    ['subctl limits list ann', 'limits of ann that override the plan'],
    ['subctl limits list ann --all --json', 'including limits that have ended'],
  ],
  exits: [3],
  rows: 'list',
  asOf: true,
})
  .description("For every limit in force, the plan's included: subctl customers show.")
  .argument('<customer>', 'id of the customer')
  .option('--all', 'include limits that have ended', false);

const unlimited = (value: unknown) => (value === null ? 'unlimited' : String(value));

/** Prints a customer's limit overrides next to the limits of the plan. */
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
    empty: `${customer} has no limit overrides`,
  };
}
