import { shownEnding } from '../../keys/key-value.ts';
import { readName, readProvider } from '../../keys/names.ts';
import { nameOf } from '../../keys/providers.ts';
import { type SetKey, readBaseUrl, setKey } from '../../keys/set-key.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { changeOutcome } from '../subscriptions/change-outcome.ts';
import { write } from '../write.ts';
import { valueFrom } from './read-value.ts';
import { keyRing } from './ring.ts';
import { type Options, verb } from '../verb.ts';
import { instantAhead } from '../readers.ts';

export const command = verb({
  examples: [
    ['subctl keys set openai --from-env OPENAI_API_KEY', 'from the environment'],
    [
      'subctl keys set fal --from-file fal.key --expires-at 2036-01-01',
      'with a notification before it expires',
    ],
    [
      'subctl keys set openai-batch --from-env OPENAI_API_KEY --base-url https://gateway.example.com/v1',
      'a second key, for your own gateway',
    ],
  ],
  exits: [3, 8],
  rows: true,
  asOf: true,
  writes: true,
})
  .description(
    'The key comes from a hidden prompt, a variable, a file or standard input, never from an ' +
      'argument. The provider is the name or its beginning, unless --provider is given. An existing ' +
      'key of this name is replaced.',
  )
  .argument('<name>', 'name of the key: openai, or openai-batch')
  .argument('[source]', '- for standard input')
  .option('--from-env <variable>', 'read the key from this environment variable')
  .option('--from-file <file>', 'read the key from this file')
  .option('--provider <provider>', 'provider of the key; other for one that cannot be tested')
  .option('--base-url <url>', "URL of the provider's API, for your own gateway")
  .option('--expires-at <time>', 'when the key expires at the provider', instantAhead);

/** Stores a key. The arguments, the master key and the database are checked before the prompt for the key. */
export async function run(
  context: Context,
  named: string,
  source: string | undefined,
  options: Options<typeof command>,
): Promise<Outcome> {
  const { provider, expiresAt } = options;
  const name = readName(named);
  if (provider !== undefined) readProvider(name, provider);
  const baseUrl = options.baseUrl === undefined ? undefined : readBaseUrl(options.baseUrl);
  const ring = await keyRing(context);
  await context.database();
  const value = await valueFrom(context, { ...options, name, source });
  const asked = { name, provider, base_url: baseUrl, expires_at: expiresAt };
  const done = await write<SetKey>(context, { action: 'keys set', asked }, (tx, change) =>
    setKey(tx, change, { name, value, provider, baseUrl, expiresAt }, ring),
  );
  const what = `the key ${done.name} of ${nameOf(done.provider)} (${shownEnding(done.ending)})`;
  const stored = done.replaced ? 'Replaced' : 'Stored';
  const verb = context.dryRun ? 'Would store' : stored;
  const sentence = done.changed ? `${verb} ${what}` : `Unchanged: ${what}`;
  return changeOutcome(context, { ...done, sentence });
}
