import { Failure } from '../../domain/failure.ts';
import { type UsedProvider, useProvider } from '../../keys/use-provider.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { changeOutcome } from '../subscriptions/change-outcome.ts';
import { write } from '../write.ts';
import { type Options, verb } from '../verb.ts';

export const command = verb({
  examples: [
    ['subctl keys use openai --model gpt-4o', 'the default for usage without a model'],
    ['subctl keys use --none', 'no default'],
  ],
  rows: true,
  asOf: true,
  writes: true,
})
  .description(
    'Usage with tokens and without a provider and model is recorded, priced and limited as this ' +
      'model. The settings are default_provider and default_model.',
  )
  .argument('[provider]', 'the provider, as in the price list')
  .option('--model <model>', 'the model, as in the price list')
  .option('--none', 'remove the default', false);

/** Sets or removes the default provider and model. */
export async function run(
  context: Context,
  provider: string | undefined,
  { model, none }: Options<typeof command>,
): Promise<Outcome> {
  if (none ? (provider ?? model) !== undefined : provider === undefined || model === undefined)
    throw new Failure(
      'usage',
      none ? '--none takes no provider and no model' : 'A default needs a provider and a model',
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
      used === null ? 'There is no default provider' : `Usage without a model counts as ${used} ${usedModel}`,
  });
  if (used === null || done.has_key) return outcome;
  return { ...outcome, notes: [...(outcome.notes ?? []), `There is no stored key for ${used}`] };
}
