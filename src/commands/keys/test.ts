import { findKeys, noSuchKey } from '../../keys/find-keys.ts';
import type { StoredKey } from '../../keys/stored-key.ts';
import { unseal } from '../../keys/seal.ts';
import { type Tested, noteTests, testKey } from '../../keys/test-key.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { write } from '../write.ts';
import { keyRing } from './ring.ts';
import { verb } from '../verb.ts';

export const command = verb({
  examples: [
    ['subctl keys test openai', 'does OpenAI accept the key?'],
    ['subctl keys test --json', 'all keys, as JSON'],
  ],
  exits: [3, 4, 8],
  rows: true,
  asOf: true,
  writes: true,
})
  .description(
    'Makes one free call for each key, and records the time and the result. The exit code is 4 when ' +
      'a provider rejects a key, and 6 when a provider cannot be reached, is overloaded or fails. keys ' +
      'set --base-url changes the URL of the call.',
  )
  .argument('[names...]', 'names of keys (default: all keys)');

/** Tests keys with their providers and records the results. Exit code 4 for a rejected key, 6 for an unreachable provider. */
export async function run(context: Context, names: string[]): Promise<Outcome> {
  const stored = await findKeys(await context.database());
  const asked = names.length > 0 ? names.map((name) => named(stored, name)) : stored;
  const ring = await keyRing(context);
  const values = await Promise.all(asked.map((key) => unseal(key, ring)));
  const results = await Promise.all(
    asked.map((key, at) => testKey(key, values[at]!, { signal: context.signal })),
  );
  const tests = asked.flatMap((key, at) => (results[at] ? [[key, results[at]] as [StoredKey, Tested]] : []));
  if (tests.length > 0)
    await write(context, { action: 'keys test', asked: { names } }, (tx, change) =>
      noteTests(tx, change, tests),
    );
  const untested = asked
    .filter((_, at) => !results[at])
    .map(({ name }) => `${name} was not tested: its provider has no free call`);
  const rows = tests.map(([, tested]) => ({ ...tested }));
  return {
    columns: [
      { key: 'name' },
      { key: 'provider', hidden: true },
      { key: 'result', show: (value) => String(value).replaceAll('_', ' ') },
      { key: 'status', hidden: true },
      { key: 'sentence', title: 'message' },
    ],
    rows,
    empty: 'No keys to test',
    notes: untested,
    ...exitOf(rows.map(({ result }) => result)),
  };
}

function named(stored: readonly StoredKey[], name: string): StoredKey {
  const found = stored.find((key) => key.name === name);
  if (found) return found;
  throw noSuchKey(name, stored);
}

function exitOf(results: readonly Tested['result'][]): Pick<Outcome, 'exit'> {
  if (results.some((result) => result === 'rejected' || result === 'forbidden')) return { exit: 'refused' };
  return results.some((result) => result !== 'ok') ? { exit: 'unavailable' } : {};
}
