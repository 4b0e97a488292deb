import type { Db } from '../database/connect.ts';
import { Failure } from '../domain/failure.ts';
import { findKeyFacts, findKeys } from './find-keys.ts';
import type { KeyFacts } from './stored-key.ts';
import type { KeyRing } from './master-key.ts';
import { unseal } from './seal.ts';
import { keyStatus } from './status.ts';

/** A check of doctor about provider keys; `found` is empty when it is healthy. */
export interface KeyCheck {
  check: string;
  hint: string | null;
  found: string[];
}

/**
 * What is wrong with the provider keys. An installation that stores none and has no master key does not use them, and nothing is missing.
 * An account that may not read them has no check of them.
 * `openRing` gives the ring, or throws why it cannot be had.
 */
export async function examineKeys(
  db: Db,
  { now, openRing }: { now: Date; openRing: () => Promise<KeyRing | undefined> },
): Promise<KeyCheck[]> {
  const keys = await findKeyFacts(db);
  const opened = await openRing().catch((error: unknown) => {
    if (error instanceof Failure) return error;
    throw error;
  });
  if (keys.length === 0 && opened === undefined) return [];
  const ring = opened instanceof Failure ? undefined : opened;
  const status = await keyStatus(db, { now, ring });
  const expired = keys.filter(({ expiresAt }) => expiresAt && expiresAt <= now);
  const soon = status.services.filter(({ state }) => state === 'expiring');
  const checks = [
    {
      check: 'provider keys',
      hint: 'subctl keys list, then subctl keys set NAME',
      found: [
        ...expired.map(({ name, expiresAt }) => `The key ${name} expired at ${expiresAt!.toISOString()}`),
        ...soon.map(({ name, expires_at: end }) => `The key of ${name} expires at ${end!.toISOString()}`),
        ...keys
          .filter(isRefused)
          .map(({ name, testStatus }) => `The provider refused the key ${name} (${testStatus})`),
        ...status.missing.map((what) => `A key of ${what} is required, and none can be used`),
      ],
    },
    {
      check: 'master key',
      hint: 'subctl keys rotate encrypts all keys with the first master key; a lost one: subctl keys remove NAME, then set it again',
      found: opened instanceof Failure ? [opened.message] : await faultsOf(db, ring),
    },
  ];
  return checks.map((one) => ({ ...one, hint: one.found.length > 0 ? one.hint : null }));
}

async function mayReadKeys(db: Db): Promise<boolean> {
  const [row] = await db<[{ may: boolean }]>`
    select pg_catalog.has_column_privilege('subctl.provider_keys', 'sealed', 'select') as may`;
  return row.may;
}

const isRefused = ({ testResult }: KeyFacts) => testResult === 'rejected' || testResult === 'forbidden';

/** Nothing for an account that does not see the ciphertexts: what it cannot read is not its fault. */
async function faultsOf(db: Db, ring: KeyRing | undefined): Promise<string[]> {
  if (!(await mayReadKeys(db))) return [];
  if (!ring) return ['Keys are stored, and no master key is configured here to read them'];
  const faults: string[] = [];
  for (const key of await findKeys(db)) {
    const fault = await unseal(key, ring).then(
      () => undefined,
      (error: unknown) => (error instanceof Failure ? error.message : Promise.reject(error as Error)),
    );
    if (fault !== undefined) faults.push(fault);
    else if (key.masterKey !== ring.first.id)
      faults.push(`The key ${key.name} is still encrypted with ${key.masterKey}: subctl keys rotate`);
  }
  return faults;
}
