import { createPlan } from '../../catalog/create-plan.ts';
import { readPlanEdit } from '../../catalog/read-plan-edit.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { InputOf } from '../command.ts';
import type { Context } from '../context.ts';
import { write } from '../write.ts';
import { savedOutcome } from './saved.ts';
import type { createPlan as spec } from './spec.ts';

/** Adds a plan. */
export async function run(context: Context, { plan: id, ...words }: InputOf<typeof spec>): Promise<Outcome> {
  const edit = readPlanEdit(words);
  const saved = await write(context, { action: 'plans create', asked: { plan: id, ...edit } }, (tx, change) =>
    createPlan(tx, change, { id, edit }),
  );
  return savedOutcome(saved, context.dryRun);
}
