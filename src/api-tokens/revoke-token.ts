import { and, eq, isNull } from 'drizzle-orm';
import { type Change, audit } from '../database/change.ts';
import type { Db } from '../database/connect.ts';
import { orm } from '../database/orm.ts';
import { apiTokens } from '../database/schema/tokens.ts';
import { Failure } from '../domain/failure.ts';

export interface RevokedToken extends Record<string, unknown> {
  name: string;
  revoked_at: Date;
  /** false: it was revoked before, and nothing was done */
  changed: boolean;
}

/** Ends a token for good; servers that know it forget it within seconds. Revoked again it says the same. Failure not_found. */
export async function revokeToken(tx: Db, change: Change, name: string): Promise<RevokedToken> {
  const [done] = await orm(tx)
    .update(apiTokens)
    .set({ revokedAt: change.at })
    .where(and(eq(apiTokens.name, name), isNull(apiTokens.revokedAt)))
    .returning({ id: apiTokens.id });
  if (done) {
    const after = { revoked_at: change.at.toISOString() };
    await audit(tx, change, [{ entity: 'token', key: name, before: { revoked_at: null }, after }]);
    return { name, revoked_at: change.at, changed: true };
  }
  const [before] = await tx<
    { at: Date }[]
  >`select max(revoked_at) as at from subctl.api_tokens where name = ${name} having count(*) > 0`;
  if (before) return { name, revoked_at: before.at, changed: false };
  throw new Failure('not_found', `There is no token '${name}'`, { hint: 'See them all: subctl tokens list' });
}
