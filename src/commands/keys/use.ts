import { Failure } from '../../domain/failure.ts';
import { type UsedProvider, useProvider } from '../../keys/use-provider.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { InputOf } from '../command.ts';
import type { Context } from '../context.ts';
import { say } from '../subscriptions/say.ts';
import { write } from '../write.ts';
import type { KeySpecs } from './spec.ts';

/** Sets the default provider and model, or takes them away. */
export async function run(
  context: Context,
  { provider, model, none }: InputOf<KeySpecs['use']>,
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
  const outcome = say(context, {
    ...done,
    sentence:
      used === null ? 'There is no default provider' : `Uses that name no model are of ${used} ${usedModel}`,
  });
  if (used === null || done.has_key) return outcome;
  return { ...outcome, notes: [...(outcome.notes ?? []), `There is no key of ${used} here`] };
}
