import { setPlanActive } from '../../catalog/activate-plan.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { InputOf } from '../command.ts';
import type { Context } from '../context.ts';
import { write } from '../write.ts';
import type { activatePlan as spec } from './spec.ts';

/** Lets new subscribers have a plan. */
export async function run(context: Context, { plan: id }: InputOf<typeof spec>): Promise<Outcome> {
  const done = await write(context, { action: 'plans activate', asked: { plan: id } }, (tx, change) =>
    setPlanActive(tx, change, { id, active: true }),
  );
  return { record: { ...done, dry_run: context.dryRun } };
}
