import { listDiscounts as list } from '../../catalog/list-discounts.ts';
import type { RowsOutcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { type Options, verb } from '../verb.ts';

export const command = verb({
  examples: [
    ['subctl discounts list', 'the active codes'],
    ['subctl discounts list --all --json', 'all codes, as JSON'],
  ],
  rows: 'list',
}).option('--all', 'include deactivated codes', false);

/** Lists discount codes. */
export async function run(context: Context, { all }: Options<typeof command>): Promise<RowsOutcome> {
  const rows = await list(await context.database(), { all });
  return {
    columns: [
      { key: 'code' },
      { key: 'kind', hidden: true },
      {
        key: 'amount',
        title: 'discount',
        align: 'right',
        show: (value, row) => `${String(value)} ${(row['currency'] as string | null) ?? '%'}`,
      },
      { key: 'currency', hidden: true },
      { key: 'periods', show: (value) => (value === null ? 'all' : String(value as number)) },
      { key: 'plans', optional: true },
      {
        key: 'uses',
        align: 'right',
        show: (value, row) => `${String(value)} of ${(row['max_uses'] as number | null) ?? 'any'}`,
      },
      { key: 'max_uses', hidden: true },
      { key: 'max_uses_per_customer', title: 'per customer', align: 'right', optional: true },
      { key: 'starts_at', hidden: true },
      { key: 'expires_at', title: 'expires', optional: true },
      { key: 'active', optional: true },
    ],
    rows,
    empty: 'No discount codes',
  };
}
