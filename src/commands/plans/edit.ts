import { editPlan } from '../../catalog/edit-plan.ts';
import { readPlanEdit } from '../../catalog/read-plan-edit.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { InputOf } from '../command.ts';
import type { Context } from '../context.ts';
import { write } from '../write.ts';
import { savedOutcome } from './saved.ts';
import type { editPlan as spec } from './spec.ts';

/** Changes a plan, in place or as a new version. */
export async function run(context: Context, { plan: id, ...words }: InputOf<typeof spec>): Promise<Outcome> {
  const edit = readPlanEdit(words);
  const saved = await write(context, { action: 'plans edit', asked: { plan: id, ...edit } }, (tx, change) =>
    editPlan(tx, change, { id, edit }),
  );
  return savedOutcome(saved, { dryRun: context.dryRun, prices: edit.prices ?? [] });
}
