import { featureWord } from '../../catalog/features.ts';
import { type FeatureAnswer, canUse } from '../../subscriptions/can-use.ts';
import { listFeatures } from '../../subscriptions/list-features.ts';
import type { Outcome, Row } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { verb } from '../verb.ts';

export const command = verb({
  examples: [
    ['subctl features ann', 'all features'],
    ['subctl features ann api_access --json', 'one feature, as JSON'],
  ],
  exits: [3, 4],
  rows: true,
  asOf: true,
})
  .description(
    'With a feature, exit code 0 means that the customer has it, and 4 that it does not. An amount ' +
      'of 0 and the value no count as not having it. An amount without a number is unlimited.',
  )
  .argument('<customer>', 'id of the customer')
  .argument('[feature]', 'only this feature');

/** Prints all features, or one; exit code 4 when the customer does not have it. */
export async function run(context: Context, customer: string, feature: string | undefined): Promise<Outcome> {
  const db = await context.database();
  const now = await context.now();
  if (feature === undefined)
    return {
      columns: [
        { key: 'feature' },
        { key: 'allowed', title: 'has', show: (value) => (value ? 'yes' : 'no') },
        { key: 'value', show: (_, row) => word(row) },
        { key: 'type', optional: true },
        { key: 'reason', show: (value) => String(value ?? '').replaceAll('_', ' ') },
        { key: 'plan', optional: true },
        { key: 'status', hidden: true },
        { key: 'unlimited', hidden: true },
      ],
      rows: await listFeatures(db, { customer, now }),
      empty: 'No plan has features. Add one: subctl plans edit PLAN --feature NAME',
    };
  const record = await canUse(db, { customer, feature, now });
  const { allowed, reason, plan, plans } = record;
  const why: [string, unknown][] = [
    ['reason', reason?.replaceAll('_', ' ')],
    ['included in', plans],
  ];
  const entries: [string, unknown][] = [
    [feature, word(record) || 'no'],
    ['plan', plan],
    ...(allowed ? [] : why),
  ];
  return { record, sections: [{ entries }], ...(!allowed && { exit: 'refused' as const }) };
}

/** The plan's value of the feature; empty when the plan does not have it. */
function word(row: Row): string {
  const { type, value, unlimited } = row as FeatureAnswer;
  return value === null && !unlimited
    ? ''
    : featureWord({ type, value } as Parameters<typeof featureWord>[0]);
}
