import { setPlanActive } from '../../catalog/activate-plan.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { write } from '../write.ts';
import { verb } from '../verb.ts';

export const command = verb({
  examples: [
    ['subctl plans deactivate pro', 'close the plan to new subscribers'],
    ['subctl plans deactivate pro --dry-run', 'show how many subscribers keep it'],
  ],
  exits: [3, 4],
  rows: true,
  asOf: true,
  writes: true,
})
  .description(
    'Existing subscribers keep the plan. The default plan cannot be deactivated: set another default ' +
      'first. Plans are never deleted.',
  )
  .argument('<plan>', 'id of the plan');

/** Closes a plan to new subscribers. */
export async function run(context: Context, id: string): Promise<Outcome> {
  const done = await write(context, { action: 'plans deactivate', asked: { plan: id } }, (tx, change) =>
    setPlanActive(tx, change, { id, active: false }),
  );
  return { record: { ...done, dry_run: context.dryRun } };
}
