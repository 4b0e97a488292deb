import type { apiTokens } from '../database/schema/tokens.ts';
import type { Db } from '../database/connect.ts';
import { Failure } from '../domain/failure.ts';
import type { Scope, TokenRole } from './scopes.ts';

/** Who asks: the token that was shown, and what it allows. */
export interface Caller extends Pick<
  typeof apiTokens.$inferSelect,
  'id' | 'name' | 'onlyCustomer' | 'onlyPrefix' | 'expiresAt'
> {
  scopes: readonly Scope[];
  /** whose rights bound it; null: scopes alone do */
  role: TokenRole | null;
}

/** The caller whose token has that hash and holds at `now` (the database's clock unless said), if there is one. */
export async function findCaller(db: Db, hash: string, now: Date | undefined): Promise<Caller | undefined> {
  const [row] = await db<Caller[]>`
    select id, name, scopes, role, only_customer as "onlyCustomer", only_prefix as "onlyPrefix", expires_at as "expiresAt"
      from subctl.api_tokens
     where hash = ${hash} and revoked_at is null and coalesce(expires_at > coalesce(${now ?? null}, clock_timestamp()), true)`;
  return row;
}

/** Notes that a token was used, once a minute: a row that every call wrote would be the busiest of the database. */
export async function noteUse(db: Db, id: string, now: Date): Promise<void> {
  await db`
    update subctl.api_tokens set last_used_at = ${now}
     where id = ${id} and (last_used_at is null or last_used_at < ${new Date(now.getTime() - 60_000)})`;
}

/** @throws Failure refused where the token has not that scope */
export function checkScope({ name, scopes }: Caller, scope: Scope): void {
  if (!scopes.includes(scope))
    throw new Failure('refused', `The token ${name} has not the scope ${scope}`, {
      hint: `It has: ${scopes.join(', ')}`,
    });
}

/** Whoever a token may not speak for is refused alike, known or not. @throws Failure refused */
export function checkCustomer({ name, onlyCustomer, onlyPrefix }: Caller, customer: string): void {
  if (onlyCustomer !== null ? customer === onlyCustomer : customer.startsWith(onlyPrefix ?? '')) return;
  throw new Failure(
    'refused',
    `The token ${name} may not speak for the customer '${customer.slice(0, 200)}'`,
    {
      hint: onlyCustomer !== null ? 'It is bound to one customer' : 'It is bound to ids that begin otherwise',
    },
  );
}
