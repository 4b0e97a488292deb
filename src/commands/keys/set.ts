import { shownEnding } from '../../keys/key-value.ts';
import { readName, readProvider } from '../../keys/names.ts';
import { nameOf } from '../../keys/providers.ts';
import { type SetKey, readBaseUrl, setKey } from '../../keys/set-key.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { InputOf } from '../command.ts';
import type { Context } from '../context.ts';
import { say } from '../subscriptions/say.ts';
import { write } from '../write.ts';
import { valueFrom } from './read-value.ts';
import { keyRing } from './ring.ts';
import type { KeySpecs } from './spec.ts';

/** Stores a key. What is wrong with the words, the master key or the database is said before anybody is asked for the key. */
export async function run(context: Context, input: InputOf<KeySpecs['set']>): Promise<Outcome> {
  const { provider, expiresAt } = input;
  const name = readName(input.name);
  if (provider !== undefined) readProvider(name, provider);
  const baseUrl = input.baseUrl === undefined ? undefined : readBaseUrl(input.baseUrl);
  const ring = await keyRing(context);
  await context.database();
  const value = await valueFrom(context, { ...input, name });
  const asked = { name, provider, base_url: baseUrl, expires_at: expiresAt };
  const done = await write<SetKey>(context, { action: 'keys set', asked }, (tx, change) =>
    setKey(tx, change, { name, value, provider, baseUrl, expiresAt }, ring),
  );
  const what = `the key ${done.name} of ${nameOf(done.provider)} (${shownEnding(done.ending)})`;
  const sentence = done.changed
    ? `${context.dryRun ? 'Would store' : done.replaced ? 'Replaced' : 'Stored'} ${what}`
    : `Unchanged: ${what}`;
  return say(context, { ...done, sentence });
}
