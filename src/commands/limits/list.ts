import { listLimits as list } from '../../customers/list-limits.ts';
import type { RowsOutcome } from '../../terminal/outcome.ts';
import type { InputOf } from '../command.ts';
import type { Context } from '../context.ts';
import type { listLimits } from './spec.ts';

const unlimited = (value: unknown) => (value === null ? 'unlimited' : String(value));

/** Prints a customer's own limits beside the plan's. */
export async function run(
  context: Context,
  { customer, all }: InputOf<typeof listLimits>,
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
