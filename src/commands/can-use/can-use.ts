import { canUse as ask } from '../../subscriptions/can-use.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { InputOf } from '../command.ts';
import type { Context } from '../context.ts';
import type { canUse } from './spec.ts';

/** Prints yes or no; no is exit code 4. */
export async function run(context: Context, { customer, feature }: InputOf<typeof canUse>): Promise<Outcome> {
  const record = await ask(await context.database(), { customer, feature, now: await context.now() });
  const { allowed, reason, type, value, plan, plans } = record;
  const entries: [string, unknown][] = [
    [feature, allowed ? 'yes' : 'no'],
    ...(allowed && type !== 'boolean' ? [['how much', value ?? 'unlimited'] as [string, unknown]] : []),
    ['plan', plan],
    ...(allowed
      ? []
      : ([
          ['reason', reason?.replaceAll('_', ' ')],
          ['plans with it', plans],
        ] as [string, unknown][])),
  ];
  return { record, sections: [{ entries }], ...(!allowed && { exit: 'refused' as const }) };
}
