import { featureWord } from '../../catalog/features.ts';
import { type FeatureAnswer, canUse } from '../../subscriptions/can-use.ts';
import { listFeatures } from '../../subscriptions/list-features.ts';
import type { Outcome, Row } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { verb } from '../verb.ts';

export const command = verb({
  examples: [
    ['subctl features ann', 'all of them'],
    ['subctl features ann api_access --json', 'one, for a program'],
  ],
  exits: [3, 4],
  rows: true,
  asOf: true,
})
  .description(
    'With a feature it says what the customer has of it: exit code 0 is that it has it and 4 that it ' +
      'has not. An amount of 0 and no are not had; an amount without a number is unlimited.',
  )
  .argument('<customer>', 'id of the customer')
  .argument('[feature]', 'only this one');

/** Prints all features, or one; one that the customer has not is exit code 4. */
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
      empty: 'No plan has a feature: subctl plans edit PLAN --feature NAME',
    };
  const record = await canUse(db, { customer, feature, now });
  const { allowed, reason, plan, plans } = record;
  const why: [string, unknown][] = [
    ['reason', reason?.replaceAll('_', ' ')],
    ['plans with it', plans],
  ];
  const entries: [string, unknown][] = [
    [feature, word(record) || 'no'],
    ['plan', plan],
    ...(allowed ? [] : why),
  ];
  return { record, sections: [{ entries }], ...(!allowed && { exit: 'refused' as const }) };
}

/** What the plan says of it; nothing where it does not name it. */
function word(row: Row): string {
  const { type, value, unlimited } = row as FeatureAnswer;
  return value === null && !unlimited
    ? ''
    : featureWord({ type, value } as Parameters<typeof featureWord>[0]);
}
