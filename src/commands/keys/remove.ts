import { shownEnding } from '../../keys/key-value.ts';
import { findKeyFacts, noSuchKey } from '../../keys/find-keys.ts';
import { nameOf } from '../../keys/providers.ts';
import { type RemovedKey, removeKey } from '../../keys/remove-key.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { InputOf } from '../command.ts';
import type { Context } from '../context.ts';
import { say } from '../subscriptions/say.ts';
import { write } from '../write.ts';
import type { KeySpecs } from './spec.ts';

/** Removes a key after a question. */
export async function run(context: Context, { name }: InputOf<KeySpecs['remove']>): Promise<Outcome> {
  const stored = await findKeyFacts(await context.database());
  const key = stored.find((one) => one.name === name);
  if (!key) throw noSuchKey(name, stored);
  await context.confirm(`Remove the key ${name} of ${nameOf(key.provider)} (${shownEnding(key.ending)})?`);
  const done = await write<RemovedKey>(context, { action: 'keys remove', asked: { name } }, (tx, change) =>
    removeKey(tx, change, name),
  );
  const outcome = say(context, {
    ...done,
    sentence: `${context.dryRun ? 'Would remove' : 'Removed'} the key ${name}`,
  });
  return {
    ...outcome,
    notes: [...(outcome.notes ?? []), `${nameOf(done.provider)} still takes it: revoke it there`],
  };
}
