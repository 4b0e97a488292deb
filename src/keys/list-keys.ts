import type { Db } from '../database/connect.ts';
import { findKeyFacts } from './find-keys.ts';
import type { KeyFacts } from './stored-key.ts';
import type { KeyRing } from './master-key.ts';
import type { TestResult } from './test-results.ts';

/** What is known of a key without decrypting it. Only the first two can be used. */
export type KeyState = 'ok' | 'expiring' | 'expired' | 'rejected' | 'wrong_master_key';

/** A stored key as people and programs may see it. */
export interface ListedKey extends Record<string, unknown> {
  name: string;
  provider: string;
  state: KeyState;
  /** its last four characters; '' for a short one */
  ending: string;
  set_at: Date;
  set_by: string | null;
  expires_at: Date | null;
  tested_at: Date | null;
  test_result: TestResult | null;
  test_status: number | null;
  base_url: string | null;
  /** the id of the master key that it is encrypted with */
  master_key: string;
}

export interface LookRequest {
  now: Date;
  /** to tell keys that it does not decrypt; where none is configured that is not looked at */
  ring?: KeyRing | undefined;
}

/** The stored keys by name: never a value. */
export async function listKeys(db: Db, { now, ring }: LookRequest): Promise<ListedKey[]> {
  const days = await expiryWarningDays(db);
  return (await findKeyFacts(db)).map((key) => ({
    name: key.name,
    provider: key.provider,
    state: stateOf(key, { now, ring, days }),
    ending: key.ending,
    set_at: key.setAt,
    set_by: key.setBy,
    expires_at: key.expiresAt,
    tested_at: key.testedAt,
    test_result: key.testResult,
    test_status: key.testStatus,
    base_url: key.baseUrl,
    master_key: key.masterKey,
  }));
}

/** How long before a key expires it is told. */
async function expiryWarningDays(db: Db): Promise<number> {
  const [row] = await db<
    [{ days: number }]
  >`select coalesce(subctl_internal.setting('key_expiring_notice_days')::int, 14) as days`;
  return row.days;
}

function stateOf(key: KeyFacts, { now, ring, days }: LookRequest & { days: number }): KeyState {
  const left = key.expiresAt ? key.expiresAt.getTime() - now.getTime() : Infinity;
  if (left <= 0) return 'expired';
  if (ring && !ring.all.has(key.masterKey)) return 'wrong_master_key';
  if (key.testResult === 'rejected' || key.testResult === 'forbidden') return 'rejected';
  return left <= days * 86_400_000 ? 'expiring' : 'ok';
}

/** Whether a key in that state can be used. */
export function isUsable(state: KeyState): boolean {
  return state === 'ok' || state === 'expiring';
}
