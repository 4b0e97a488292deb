import { type Change, audit } from '../database/change.ts';
import type { Db } from '../database/connect.ts';
import { orm } from '../database/orm.ts';
import { providerKeys } from '../database/schema/provider-keys.ts';
import { Failure } from '../domain/failure.ts';
import { findKeys } from './find-keys.ts';
import type { StoredKey } from './stored-key.ts';
import { endingOf, readValue, shownEnding } from './key-value.ts';
import type { KeyRing } from './master-key.ts';
import { readName, readProvider } from './names.ts';
import { type Place, seal, unseal, wrongMasterKey } from './seal.ts';

export interface KeyToSet {
  name: string;
  /** as it was read; never printed */
  value: string;
  provider?: string | undefined;
  baseUrl?: string | undefined;
  expiresAt?: Date | undefined;
}

/** What was stored. */
export interface SetKey extends Record<string, unknown> {
  name: string;
  provider: string;
  ending: string;
  expires_at: Date | null;
  base_url: string | null;
  master_key: string;
  /** it was there with another value */
  replaced: boolean;
  changed: boolean;
}

/**
 * Stores a key under the first master key of the ring, in place of one of the name. What is not given stays as it was, but the end: a
 * new value has none unless it is said. The same value again changes nothing.
 * @throws Failure usage for a name, value or address that cannot be, conflict where other keys are under a master key that the ring has not
 */
export async function setKey(tx: Db, change: Change, asked: KeyToSet, ring: KeyRing): Promise<SetKey> {
  const name = readName(asked.name);
  const value = readValue(asked.value);
  const stored = await findKeys(tx, { lock: true });
  const before = stored.find((key) => key.name === name);
  const stranger = stored.find((key) => key !== before && !ring.all.has(key.masterKey));
  if (stranger) throw wrongMasterKey(stranger.name, stranger.masterKey, ring);
  const place = placeOf(name, asked, before);
  const expiresAt = checkEnd(asked.expiresAt, change.at);
  const record = {
    name,
    provider: place.provider,
    ending: endingOf(value),
    expires_at: expiresAt,
    base_url: place.baseUrl,
  };
  if (before && (await isSame(before, { value, place, expiresAt }, ring)))
    return { ...record, master_key: before.masterKey, replaced: false, changed: false };
  const sealed = await seal(value, place, ring);
  const row = {
    ...{
      ...sealed,
      name,
      provider: place.provider,
      baseUrl: place.baseUrl,
      ending: record.ending,
      expiresAt,
    },
    ...{ setAt: change.at, testedAt: null, testResult: null, testStatus: null, changeId: change.id },
  };
  await orm(tx)
    .insert(providerKeys)
    .values({ ...row, createdAt: change.at })
    .onConflictDoUpdate({ target: providerKeys.name, set: row });
  await audit(tx, change, [
    {
      entity: 'provider_key',
      key: name,
      before: before ? auditOf(before) : null,
      after: { ...auditOf({ ...row, ...place }), set_at: change.at.toISOString() },
    },
  ]);
  return { ...record, master_key: sealed.masterKey, replaced: before !== undefined, changed: true };
}

function placeOf(name: string, { provider, baseUrl }: KeyToSet, before: StoredKey | undefined): Place {
  return {
    name,
    provider: provider === undefined && before ? before.provider : readProvider(name, provider),
    baseUrl: baseUrl === undefined ? (before?.baseUrl ?? null) : readBaseUrl(baseUrl),
  };
}

/** @throws Failure usage for what is no address, and for one over which the key would travel in the clear */
export function readBaseUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const refuse = (what: string) =>
    new Failure('usage', `The --base-url ${what}`, {
      hint: 'Give one such as https://gateway.example.com/openai/v1',
    });
  if (!url || !/^https?:$/.test(url.protocol)) throw refuse('is not an address of a web server');
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '')
    throw refuse('has a user, a query or a fragment');
  if (url.protocol === 'http:' && !/^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname))
    throw refuse('is not https: the key would travel readable');
  return url.href.replace(/\/+$/, '');
}

function checkEnd(expiresAt: Date | undefined, now: Date): Date | null {
  if (!expiresAt || expiresAt > now) return expiresAt ?? null;
  throw new Failure('usage', `The key would have expired at ${expiresAt.toISOString()}`, {
    hint: 'Give a time to come: --expires-at 2027-01-01',
  });
}

async function isSame(
  before: StoredKey,
  { value, place, expiresAt }: { value: string; place: Place; expiresAt: Date | null },
  ring: KeyRing,
): Promise<boolean> {
  const isMoved = before.provider !== place.provider || before.baseUrl !== place.baseUrl;
  if (isMoved || before.masterKey !== ring.first.id || before.expiresAt?.getTime() !== expiresAt?.getTime())
    return false;
  return (await unseal(before, ring).catch(() => undefined)) === value;
}

/** What the audit keeps of a key: nothing that could be used. */
export function auditOf(
  key: Pick<StoredKey, 'provider' | 'ending' | 'baseUrl' | 'masterKey' | 'expiresAt' | 'setAt'>,
) {
  return {
    provider: key.provider,
    ending: shownEnding(key.ending),
    base_url: key.baseUrl,
    master_key: key.masterKey,
    expires_at: key.expiresAt?.toISOString() ?? null,
    set_at: key.setAt.toISOString(),
  };
}
