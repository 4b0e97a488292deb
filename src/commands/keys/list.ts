import { shownEnding } from '../../keys/key-value.ts';
import { listKeys } from '../../keys/list-keys.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { keyRingToRead } from './ring.ts';
import { verb } from '../verb.ts';

export const command = verb({
  examples: [
    ['subctl keys list', 'all keys, with their last four characters'],
    ['subctl keys list --json', 'as JSON, for a monitor'],
  ],
  rows: 'list',
  asOf: true,
});

/** Lists the stored keys, without their values. */
export async function run(context: Context): Promise<Outcome> {
  const ring = await keyRingToRead(context);
  const rows = await listKeys(await context.database(), { now: await context.now(), ring });
  return {
    columns: [
      { key: 'name' },
      { key: 'provider' },
      { key: 'state', show: (value) => String(value).replaceAll('_', ' ') },
      { key: 'ending', title: 'key', show: (value) => shownEnding(String(value)) },
      { key: 'expires_at', title: 'expires' },
      { key: 'tested_at', title: 'tested', optional: true },
      { key: 'test_result', title: 'result', show: (value) => String(value ?? '-').replaceAll('_', ' ') },
      { key: 'test_status', hidden: true },
      { key: 'set_at', hidden: true },
      { key: 'set_by', hidden: true },
      { key: 'base_url', hidden: true },
      { key: 'master_key', hidden: true },
    ],
    rows,
    empty: 'No keys. Add one: subctl keys set openai --from-env OPENAI_API_KEY',
    notes: rows.some(({ state }) => state === 'wrong_master_key')
      ? ['Some keys are encrypted with a master key that is not configured here: subctl doctor']
      : [],
  };
}
