import { setPlanActive } from '../../catalog/activate-plan.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { write } from '../write.ts';
import { verb } from '../verb.ts';

export const command = verb({
  examples: [
    ['subctl plans deactivate pro', 'closed to new subscribers'],
    ['subctl plans deactivate pro --dry-run', 'see how many keep it'],
  ],
  exits: [3, 4],
  rows: true,
  asOf: true,
  writes: true,
})
  .description(
    'Present subscribers keep it. The default plan stays active: make another one the default first. ' +
      'Plans are never deleted.',
  )
  .argument('<plan>', 'id of the plan');

/** Closes a plan to new subscribers. */
export async function run(context: Context, id: string): Promise<Outcome> {
  const done = await write(context, { action: 'plans deactivate', asked: { plan: id } }, (tx, change) =>
    setPlanActive(tx, change, { id, active: false }),
  );
  return { record: { ...done, dry_run: context.dryRun } };
}
