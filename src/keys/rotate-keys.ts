import { eq } from 'drizzle-orm';
import { type Change, audit } from '../database/change.ts';
import type { Db } from '../database/connect.ts';
import { findKeys } from './find-keys.ts';
import type { KeyRing } from './master-key.ts';
import { seal, unseal } from './seal.ts';
import { orm } from '../database/orm.ts';
import { providerKeys } from '../database/schema/provider-keys.ts';

export interface RotatedKeys {
  /** the master key that encrypts all of them now */
  master_key: string;
  rotated: { name: string; from: string }[];
  /** how many were under it already */
  unchanged: number;
  /** master keys of the ring that encrypt nothing any more */
  unused: string[];
  changed: boolean;
}

/**
 * Encrypts every key again under the first master key of the ring. In the caller's transaction: all of them or none, so that every key is
 * readable with the ring at any time, and keys that are under it already are left alone. Others that set keys wait.
 * @throws Failure conflict for a key whose master key the ring has not, or that does not decrypt: nothing is changed then
 */
export async function rotateKeys(tx: Db, change: Change, ring: KeyRing): Promise<RotatedKeys> {
  const { id } = ring.first;
  const keys = await findKeys(tx, { lock: true });
  const old = keys.filter(({ masterKey }) => masterKey !== id);
  for (const key of old) {
    const { sealed, masterKey } = await seal(await unseal(key, ring), key, ring);
    await orm(tx).update(providerKeys).set({ sealed, masterKey }).where(eq(providerKeys.name, key.name));
  }
  await audit(
    tx,
    change,
    old.map(({ name, masterKey }) => ({
      ...{ entity: 'provider_key', key: name },
      ...{ before: { master_key: masterKey }, after: { master_key: id } },
    })),
  );
  return {
    master_key: id,
    rotated: old.map(({ name, masterKey }) => ({ name, from: masterKey })),
    unchanged: keys.length - old.length,
    unused: [...ring.all.keys()].filter((one) => one !== id),
    changed: old.length > 0,
  };
}
