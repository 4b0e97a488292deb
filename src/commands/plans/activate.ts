import { setPlanActive } from '../../catalog/activate-plan.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { write } from '../write.ts';
import { verb } from '../verb.ts';

export const command = verb({
  examples: [
    ['subctl plans activate pro', 'it can be had again'],
    ['subctl plans activate pro --dry-run', 'only show it'],
  ],
  exits: [3],
  rows: true,
  asOf: true,
  writes: true,
}).argument('<plan>', 'id of the plan');

/** Lets new subscribers have a plan. */
export async function run(context: Context, id: string): Promise<Outcome> {
  const done = await write(context, { action: 'plans activate', asked: { plan: id } }, (tx, change) =>
    setPlanActive(tx, change, { id, active: true }),
  );
  return { record: { ...done, dry_run: context.dryRun } };
}
