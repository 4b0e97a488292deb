import { Failure } from '../../domain/failure.ts';
import { type UsedProvider, useProvider } from '../../keys/use-provider.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { changeOutcome } from '../subscriptions/change-outcome.ts';
import { write } from '../write.ts';
import { type Options, verb } from '../verb.ts';

export const command = verb({
  examples: [
    ['subctl keys use openai --model gpt-4o', 'what most uses are of'],
    ['subctl keys use --none', 'each use says its model'],
  ],
  rows: true,
  asOf: true,
  writes: true,
})
  .description(
    'A use that has tokens and says no provider and no model is of these: recorded, priced and ' +
      'limited as such. The settings are default_provider and default_model.',
  )
  .argument('[provider]', 'the provider, as the price list has it')
  .option('--model <model>', 'the model, as the price list has it')
  .option('--none', 'have no default', false);

/** Sets the default provider and model, or takes them away. */
export async function run(
  context: Context,
  provider: string | undefined,
  { model, none }: Options<typeof command>,
): Promise<Outcome> {
  if (none ? (provider ?? model) !== undefined : provider === undefined || model === undefined)
    throw new Failure(
      'usage',
      none ? '--none goes with no provider and no model' : 'A default is a provider and a model',
      {
        hint: 'Give subctl keys use openai --model gpt-4o, or --none',
      },
    );
  const asked = none ? null : { provider: provider!, model: model! };
  const done = await write<UsedProvider>(
    context,
    { action: 'keys use', asked: { provider, model, none: none || undefined } },
    (tx, change) => useProvider(tx, change, asked),
  );
  const { default_provider: used, default_model: usedModel } = done;
  const outcome = changeOutcome(context, {
    ...done,
    sentence:
      used === null ? 'There is no default provider' : `Uses that name no model are of ${used} ${usedModel}`,
  });
  if (used === null || done.has_key) return outcome;
  return { ...outcome, notes: [...(outcome.notes ?? []), `There is no key of ${used} here`] };
}
