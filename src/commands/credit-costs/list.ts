import { listCreditCosts } from '../../catalog/list-credit-costs.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { verb } from '../verb.ts';

export const command = verb({
  examples: [
    ['subctl credit-costs list', 'all credit costs'],
    ['subctl credit-costs list --json', 'as JSON'],
  ],
  rows: 'list',
});

/** Prints the credit costs. */
export async function run(context: Context): Promise<Outcome> {
  return {
    columns: [
      { key: 'kind' },
      { key: 'amount', title: 'credits', align: 'right' },
      { key: 'plan', show: (value) => (value as string | null) ?? 'every plan' },
      {
        key: 'words',
        title: 'aliases',
        show: (value) => (value as string[]).slice(1).join(', '),
        optional: true,
      },
    ],
    rows: (await listCreditCosts(await context.database())).map((cost) => ({ ...cost })),
    empty: 'No credit costs',
  };
}
