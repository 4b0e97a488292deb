import { listTokens } from '../../access/list-tokens.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { InputOf } from '../command.ts';
import type { Context } from '../context.ts';
import type { TokenSpecs } from './spec.ts';

/** Lists tokens; none of them can be seen. */
export async function run(context: Context, { all }: InputOf<TokenSpecs['list']>): Promise<Outcome> {
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
    empty: 'There is no token: subctl tokens create NAME --scope check --scope record',
  };
}
