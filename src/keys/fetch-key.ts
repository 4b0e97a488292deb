import { type Caller, checkScope } from '../api-tokens/find-caller.ts';
import { type Change, audit } from '../database/change.ts';
import type { Row } from '../database/columns.ts';
import type { Db } from '../database/connect.ts';
import type { providerKeys } from '../database/schema/provider-keys.ts';
import { Failure } from '../domain/failure.ts';
import { findKeys, pickKey } from './find-keys.ts';
import type { KeyRing } from './master-key.ts';
import { unseal } from './seal.ts';

/** A key as it is handed out. */
export interface FetchedKey extends Pick<
  Row<typeof providerKeys>,
  'name' | 'provider' | 'base_url' | 'expires_at'
> {
  /** the key itself: for a header of a request to the provider, never for a log */
  value: string;
}

/**
 * Gives a key to whoever the change names, and writes down that it was given: never its value.
 * @throws Failure not_found, refused for one that has expired, conflict for a wrong master key or a changed row
 */
export async function fetchKey(tx: Db, change: Change, word: string, ring: KeyRing): Promise<FetchedKey> {
  const { ending, expiresAt, ...key } = pickKey(await findKeys(tx), word);
  if (expiresAt && expiresAt <= change.at)
    throw new Failure('refused', `The key ${key.name} expired at ${expiresAt.toISOString()}`, {
      hint: `Store a new one: subctl keys set ${key.name}`,
      details: { key: key.name, state: 'expired' },
    });
  const value = await unseal(key, ring);
  await audit(tx, change, [
    {
      entity: 'provider_key',
      key: key.name,
      before: null,
      after: { fetched_by: change.actor, ending: ending === '' ? '…' : `…${ending}` },
    },
  ]);
  return { name: key.name, provider: key.provider, value, base_url: key.baseUrl, expires_at: expiresAt };
}

/** @throws Failure refused where the token has not the scope, or speaks for some customers only: keys are the installation's */
export function checkMayFetch(caller: Caller): void {
  checkScope(caller, 'keys');
  if (caller.onlyCustomer !== null || caller.onlyPrefix !== null)
    throw new Failure(
      'refused',
      `The token ${caller.name} is bound to customers, and keys belong to the whole installation`,
      {
        hint: 'Make one without --customer and --prefix',
      },
    );
}
