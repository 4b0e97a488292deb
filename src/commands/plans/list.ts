import { moneyWord } from '../../catalog/describe-plan.ts';
import { type ListedPlan, listPlans } from '../../catalog/list-plans.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { type Options, verb } from '../verb.ts';

export const command = verb({
  examples: [
    ['subctl plans list', 'plans that are open to new subscribers'],
    ['subctl plans list --all --json', 'all plans, as JSON'],
  ],
  rows: 'list',
}).option('--all', 'include inactive plans', false);

/** Prints the plans, ordered by rank. */
export async function run(context: Context, { all }: Options<typeof command>): Promise<Outcome> {
  const plans = await listPlans(await context.database(), { all });
  return {
    columns: [
      { key: 'plan' },
      { key: 'name' },
      { key: 'version', align: 'right' },
      { key: 'prices', title: 'price', show: (_, row) => row.price as string },
      { key: 'subscribers', align: 'right' },
      { key: 'active', show: yesNo },
      { key: 'default', show: yesNo },
      { key: 'rank', align: 'right', optional: true },
      { key: 'credits', align: 'right', hidden: true },
      { key: 'catalogue', hidden: true },
    ],
    rows: plans.map(rowOf),
    empty: all
      ? 'There are no plans. Load a catalogue: subctl plans load'
      : 'There are no active plans (--all lists inactive ones)',
  };
}

function rowOf(plan: ListedPlan): Record<string, unknown> {
  const { id, name, version, prices, subscribers, active, isDefault, rank, credits, catalogue } = plan;
  return {
    plan: id,
    name,
    version,
    prices,
    price: prices
      .map(({ interval, currency, amount }) =>
        amount === null
          ? `complimentary / ${interval}`
          : `${moneyWord(amount, currency)} ${currency} / ${interval}`,
      )
      .join(', '),
    subscribers,
    active,
    default: isDefault,
    rank,
    credits,
    catalogue,
  };
}

const yesNo = (value: unknown) => (value ? 'yes' : 'no');
