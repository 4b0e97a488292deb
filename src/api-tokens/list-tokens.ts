import type { Row } from '../database/columns.ts';
import type { apiTokens } from '../database/schema/tokens.ts';
import type { Db } from '../database/connect.ts';
import type { Scope, TokenRole } from './scopes.ts';

export interface ListedToken
  extends
    Record<string, unknown>,
    Pick<
      Row<typeof apiTokens>,
      'name' | 'created_at' | 'expires_at' | 'last_used_at' | 'revoked_at' | 'ending'
    > {
  state: 'live' | 'expired' | 'revoked';
  scopes: Scope[];
  role: TokenRole | null;
  customer: string | null;
  prefix: string | null;
  created_by: string | null;
}

/** The tokens that hold at `now`, by name; with `all` those too that have ended. */
export async function listTokens(db: Db, { now, all }: { now: Date; all: boolean }): Promise<ListedToken[]> {
  return db<ListedToken[]>`
    select t.name, s.state, t.scopes, t.role, t.only_customer as customer, t.only_prefix as prefix, t.created_at, t.expires_at, t.last_used_at, t.revoked_at,
           t.ending, c.actor as created_by
      from subctl.api_tokens t
      left join subctl.changes c on c.id = t.change_id
     cross join lateral (select case when t.revoked_at <= ${now} then 'revoked' when t.expires_at <= ${now} then 'expired' else 'live' end as state) s
     where ${all} or s.state = 'live'
     order by t.name collate "C", t.created_at`;
}
