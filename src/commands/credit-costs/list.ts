import { listCreditCosts } from '../../catalog/set-credit-cost.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';

/** Prints the credit costs. */
export async function run(context: Context): Promise<Outcome> {
  return {
    columns: [
      { key: 'kind' },
      { key: 'amount', title: 'credits', align: 'right' },
      { key: 'plan', show: (value) => (value as string | null) ?? 'every plan' },
      {
        key: 'words',
        title: 'other words',
        show: (value) => (value as string[]).slice(1).join(', '),
        optional: true,
      },
    ],
    rows: (await listCreditCosts(await context.database())).map((cost) => ({ ...cost })),
    empty: 'Nothing costs credits',
  };
}
