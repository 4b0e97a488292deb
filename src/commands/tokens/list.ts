import { listTokens } from '../../api-tokens/list-tokens.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { type Options, verb } from '../verb.ts';

export const command = verb({
  examples: [
    ['subctl tokens list', 'valid tokens'],
    ['subctl tokens list --all --json', 'including expired and revoked tokens'],
  ],
  rows: 'list',
  asOf: true,
}).option('--all', 'include expired and revoked tokens', false);

/** Lists tokens without their values. */
export async function run(context: Context, { all }: Options<typeof command>): Promise<Outcome> {
  const rows = await listTokens(await context.database(), { now: await context.now(), all });
  return {
    columns: [
      { key: 'name' },
      { key: 'state', optional: !all },
      { key: 'scopes', show: (value) => (value as string[]).join(' ') },
      { key: 'role' },
      { key: 'customer', optional: true },
      { key: 'prefix', optional: true },
      { key: 'expires_at', title: 'expires' },
      { key: 'last_used_at', title: 'last used' },
      { key: 'ending', optional: true },
      { key: 'created_at', hidden: true },
      { key: 'revoked_at', hidden: true },
      { key: 'created_by', hidden: true },
    ],
    rows,
    empty: 'There are no tokens. To create one: subctl tokens create NAME --scope check --scope record',
  };
}
