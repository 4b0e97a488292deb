import { Failure } from '../../domain/failure.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import { agree, askFor } from '../ask.ts';
import type { InputOf } from '../command.ts';
import type { Context } from '../context.ts';
import { outcomeOf } from './outcome-of.ts';
import type { assign } from './spec.ts';
import { termsOf } from './terms.ts';

type Input = InputOf<typeof assign>;

/** Gives one customer or many a plan, or asks. */
export async function run(context: Context, input: Input): Promise<Outcome> {
  const { customer, plan, allWithoutPlan, fromFile } = input;
  if (allWithoutPlan && fromFile !== undefined)
    throw new Failure('usage', 'Either --all-without-plan or --from-file');
  if (allWithoutPlan || fromFile !== undefined) {
    const { assignAll, assignFrom } = await import('./many.ts');
    return allWithoutPlan ? assignAll(context, input) : assignFrom(context, input);
  }
  if (customer !== undefined && plan !== undefined) return assignOne(context, { ...input, customer, plan });
  termsOf(input); // what does not fit together is refused before anything is asked
  const missing = customer === undefined ? 'customer' : 'plan';
  const prompts = await askFor(context, missing, `subctl assign ${customer ?? 'CUSTOMER'} PLAN`);
  const { askAssignment } = await import('./ask.ts');
  return agree(context, await askAssignment(context, prompts, input), assignOne);
}

async function assignOne(
  context: Context,
  input: Input & { customer: string; plan: string },
): Promise<Outcome> {
  const { customer, plan } = input;
  const terms = termsOf(input);
  const { assignAtStripe } = await import('./at-stripe.ts');
  const owned = await assignAtStripe(context, { customer, plan, ...terms });
  if (owned) return owned;
  const { buy } = await import('./buy.ts');
  const done = await buy(context, { customer, plan, ...terms });
  const { sentence, ...record } = done;
  context.note(`${sentence}${context.dryRun ? ' (dry run: nothing was changed)' : ''}`);
  return outcomeOf(record);
}
