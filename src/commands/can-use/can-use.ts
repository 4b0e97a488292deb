import { canUse as ask } from '../../subscriptions/can-use.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { verb } from '../verb.ts';

export const command = verb({
  examples: [
    ['subctl can-use ann api_access', 'can ann use the API?'],
    ['subctl can-use ann api_access --as-of 2026-12-01 --json', 'can ann use it on 1 December?'],
  ],
  exits: [3, 4],
  rows: true,
  asOf: true,
})
  .description('Exit code 0 means yes and 4 means no. Any other code means that the check failed.')
  .argument('<customer>', 'id of the customer')
  .argument('<feature>', 'name of the feature, as in plans show');

/** Prints yes or no; no is exit code 4. */
export async function run(context: Context, customer: string, feature: string): Promise<Outcome> {
  const record = await ask(await context.database(), { customer, feature, now: await context.now() });
  const { allowed, reason, type, value, plan, plans } = record;
  const entries: [string, unknown][] = [
    [feature, allowed ? 'yes' : 'no'],
    ...(allowed && type !== 'boolean' ? [['amount', value ?? 'unlimited'] as [string, unknown]] : []),
    ['plan', plan],
    ...(allowed
      ? []
      : ([
          ['reason', reason?.replaceAll('_', ' ')],
          ['included in', plans],
        ] as [string, unknown][])),
  ];
  return { record, sections: [{ entries }], ...(!allowed && { exit: 'refused' as const }) };
}
