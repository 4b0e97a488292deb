import { eq } from 'drizzle-orm';
import { type Change, audit } from '../database/change.ts';
import type { Db } from '../database/connect.ts';
import { findKeys, noSuchKey } from './find-keys.ts';
import { auditOf } from './set-key.ts';
import { orm } from '../database/orm.ts';
import { providerKeys } from '../database/schema/provider-keys.ts';

export interface RemovedKey
  extends Record<string, unknown>, Pick<typeof providerKeys.$inferSelect, 'name' | 'provider' | 'ending'> {}

/** Removes a key for good; no master key is needed. The provider still takes it. @throws Failure not_found */
export async function removeKey(tx: Db, change: Change, name: string): Promise<RemovedKey> {
  const keys = await findKeys(tx, { lock: true });
  const key = keys.find((one) => one.name === name);
  if (!key) throw noSuchKey(name, keys);
  await orm(tx).delete(providerKeys).where(eq(providerKeys.name, name));
  await audit(tx, change, [{ entity: 'provider_key', key: name, before: auditOf(key), after: null }]);
  return { name, provider: key.provider, ending: key.ending };
}
