import { shownEnding } from '../../keys/key-value.ts';
import { findKeyFacts, noSuchKey } from '../../keys/find-keys.ts';
import { nameOf } from '../../keys/providers.ts';
import { type RemovedKey, removeKey } from '../../keys/remove-key.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { changeOutcome } from '../subscriptions/change-outcome.ts';
import { write } from '../write.ts';
import { verb } from '../verb.ts';

export const command = verb({
  examples: [
    ['subctl keys remove openai --yes', 'without a confirmation prompt'],
    ['subctl keys remove openai --dry-run', 'check whether it exists'],
  ],
  exits: [3],
  rows: true,
  asOf: true,
  writes: true,
})
  .description('The key stays valid at the provider: revoke it there, too. No master key is needed.')
  .argument('<name>', 'name of the key: openai, or openai-batch');

/** Removes a key after confirmation. */
export async function run(context: Context, name: string): Promise<Outcome> {
  const stored = await findKeyFacts(await context.database());
  const key = stored.find((one) => one.name === name);
  if (!key) throw noSuchKey(name, stored);
  await context.confirm(`Remove the key ${name} of ${nameOf(key.provider)} (${shownEnding(key.ending)})?`);
  const done = await write<RemovedKey>(context, { action: 'keys remove', asked: { name } }, (tx, change) =>
    removeKey(tx, change, name),
  );
  const outcome = changeOutcome(context, {
    ...done,
    sentence: `${context.dryRun ? 'Would remove' : 'Removed'} the key ${name}`,
  });
  return {
    ...outcome,
    notes: [...(outcome.notes ?? []), `The key is still valid at ${nameOf(done.provider)}: revoke it there`],
  };
}
