import { createHash, randomBytes } from 'node:crypto';
import { faultOfId } from '../customers/customer-id.ts';
import { type Change, audit } from '../database/change.ts';
import type { Db } from '../database/connect.ts';
import { orm } from '../database/orm.ts';
import { apiTokens } from '../database/schema/tokens.ts';
import { uuid7 } from '../database/uuid7.ts';
import { Failure } from '../domain/failure.ts';
import type { Scope, TokenRole } from './scopes.ts';

export interface NewToken {
  name: string;
  scopes: readonly Scope[];
  /** whose rights bound it beside the scopes */
  role?: TokenRole | undefined;
  /** the only customer it may speak for */
  customer?: string | undefined;
  /** how the ids begin that it may speak for */
  prefix?: string | undefined;
  expiresAt?: Date | undefined;
}

export interface CreatedToken extends Record<string, unknown> {
  name: string;
  /** the token itself; it is never shown again */
  token: string;
  scopes: Scope[];
  role: TokenRole | null;
  customer: string | null;
  prefix: string | null;
  expires_at: Date | null;
}

/**
 * Makes a token and keeps its hash alone.
 * @throws Failure usage for a bad name, an end that is past, both a customer and a prefix; conflict while another of the name holds
 */
export async function createToken(tx: Db, change: Change, asked: NewToken): Promise<CreatedToken> {
  const { name, role = null, customer = null, prefix = null, expiresAt = null } = asked;
  const scopes = [...new Set(asked.scopes)].sort();
  checkAsked(asked, change.at);
  const [other] = await tx`select from subctl.api_tokens where name = ${name} and revoked_at is null`;
  if (other)
    throw new Failure('conflict', `There is a token '${name}' already`, {
      hint: `Take another name, or first: subctl tokens revoke ${name}`,
    });
  const token = `subctl_${randomBytes(32).toString('base64url')}`;
  await orm(tx)
    .insert(apiTokens)
    .values({
      ...{ id: uuid7(change.at), name, hash: hashOf(token), ending: token.slice(-4), scopes, role },
      ...{ onlyCustomer: customer, onlyPrefix: prefix, createdAt: change.at, expiresAt, changeId: change.id },
    });
  const after = {
    scopes: scopes.join(', '),
    ...(role && { role }),
    customer,
    prefix,
    expires_at: expiresAt?.toISOString() ?? null,
  };
  await audit(tx, change, [{ entity: 'token', key: name, before: null, after }]);
  return { name, token, scopes, role, customer, prefix, expires_at: expiresAt };
}

/** What is kept of a token. */
export function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

function checkAsked(asked: NewToken, now: Date): void {
  const { name, expiresAt, scopes } = asked;
  if (!/^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/.test(name))
    throw new Failure('usage', `'${name}' is not a name for a token`, {
      hint: 'Use letters, digits, and . _ - after the first, at most 64: the application and where it runs, such as web-staging',
    });
  if (scopes.length === 0)
    throw new Failure('usage', `The token ${name} would be allowed nothing`, {
      hint: 'Give --scope check --scope record, or --role app',
    });
  checkCustomers(asked);
  if (expiresAt && expiresAt <= now)
    throw new Failure('usage', `The token would have ended at ${expiresAt.toISOString()}, before it begins`, {
      hint: 'Give a time to come: --expires 2027-01-01',
    });
}

/** A token is for one customer, for ids with a prefix, or for all. @throws Failure usage */
function checkCustomers({ customer, prefix, scopes }: NewToken): void {
  if (scopes.includes('keys') && (customer !== undefined || prefix !== undefined))
    throw new Failure(
      'usage',
      'A token with the scope keys is not for some customers only: keys belong to the whole installation',
      {
        hint: 'Make two tokens',
      },
    );
  if (customer !== undefined && prefix !== undefined)
    throw new Failure('usage', 'A token is for one customer or for ids that begin alike, not both', {
      hint: 'Give --customer or --prefix',
    });
  const wrong = customer === undefined ? undefined : faultOfId(customer, { emailAllowed: true });
  if (wrong) throw new Failure('usage', `The customer id '${customer}' ${wrong.fault}`, { hint: wrong.hint });
  if (prefix !== undefined && (prefix === '' || prefix.length > 200 || /\p{Cc}/u.test(prefix)))
    throw new Failure('usage', `'${prefix}' is no beginning of a customer’s id`, {
      hint: 'Give --prefix acme-',
    });
}
