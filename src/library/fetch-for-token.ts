import { hashOf } from '../api-tokens/create-token.ts';
import { findCaller, noteUse } from '../api-tokens/find-caller.ts';
import { readClock } from '../database/clock.ts';
import { recordChange } from '../database/change.ts';
import type { Connection } from '../database/connect.ts';
import { inTransaction } from '../database/transaction.ts';
import { Failure } from '../domain/failure.ts';
import { noSuchKey } from '../keys/find-keys.ts';
import { type FetchedKey, checkMayFetch, fetchKey } from '../keys/fetch-key.ts';
import type { KeyRing } from '../keys/master-key.ts';

export { openKeyRing as openRing } from '../keys/open-key-ring.ts';

export interface KeyRequest {
  name: string;
  token: string;
  asOf: Date | undefined;
  ring: KeyRing;
}

/** Fetches a key for the application of a token, under a change in its name. @throws Failure refused for a token that is none, or may not */
export async function fetchForToken(
  connection: Connection,
  { name, token, asOf, ring }: KeyRequest,
): Promise<FetchedKey> {
  if (!/^[a-z0-9][a-z0-9_.-]{0,63}$/.test(name)) throw noSuchKey('', []);
  return inTransaction(connection, async (tx) => {
    const caller = await findCaller(tx, hashOf(token), asOf);
    if (!caller)
      throw new Failure('refused', 'The token is not valid, or no longer', {
        hint: 'Give one of: subctl tokens create NAME --scope keys',
      });
    checkMayFetch(caller);
    const now = asOf ?? (await readClock(tx));
    await noteUse(tx, caller.id, now);
    const change = await recordChange(tx, {
      now,
      actor: `token ${caller.name}`,
      action: 'library fetch key',
      asked: { key: name },
    });
    return fetchKey(tx, change, name, ring);
  });
}
