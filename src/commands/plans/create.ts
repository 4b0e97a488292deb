import { createPlan } from '../../catalog/create-plan.ts';
import { describeRow, describeVersion } from '../../catalog/describe-plan.ts';
import { getPlan } from '../../catalog/find-plans.ts';
import { readPlanEdit } from '../../catalog/read-plan-edit.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import { agree, askFor } from '../ask.ts';
import type { InputOf } from '../command.ts';
import type { Context } from '../context.ts';
import { write } from '../write.ts';
import { savedOutcome } from './saved.ts';
import type { createPlan as spec } from './spec.ts';

type Input = InputOf<typeof spec>;

/** Adds a plan, or asks what it shall be. */
export async function run(context: Context, input: Input): Promise<Outcome> {
  const { plan } = input;
  if (plan !== undefined) return create(context, { ...input, plan });
  readPlanEdit(input); // what is not understood is refused before anything is asked
  const prompts = await askFor(context, 'plan', 'subctl plans create PLAN --price 1mo=9.00');
  const { askPlan } = await import('./ask.ts');
  return agree(context, await askPlan(context, prompts, input), create);
}

async function create(context: Context, { plan: id, ...words }: Input & { plan: string }): Promise<Outcome> {
  const edit = readPlanEdit(words);
  const asked = { plan: id, ...edit };
  const { saved, plan } = await write(context, { action: 'plans create', asked }, async (tx, change) => ({
    saved: await createPlan(tx, change, { id, edit }),
    plan: await getPlan(tx, id),
  }));
  const entries = Object.entries({ ...describeRow(plan), ...describeVersion(plan.version) });
  return savedOutcome(saved, { dryRun: context.dryRun, prices: edit.prices ?? [], contents: entries });
}
