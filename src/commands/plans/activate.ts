import { setPlanActive } from '../../catalog/activate-plan.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { write } from '../write.ts';
import { verb } from '../verb.ts';

export const command = verb({
  examples: [
    ['subctl plans activate pro', 'open the plan to new subscribers'],
    ['subctl plans activate pro --dry-run', 'preview the change'],
  ],
  exits: [3],
  rows: true,
  asOf: true,
  writes: true,
}).argument('<plan>', 'id of the plan');

/** Opens a plan to new subscribers. */
export async function run(context: Context, id: string): Promise<Outcome> {
  const done = await write(context, { action: 'plans activate', asked: { plan: id } }, (tx, change) =>
    setPlanActive(tx, change, { id, active: true }),
  );
  return { record: { ...done, dry_run: context.dryRun } };
}
