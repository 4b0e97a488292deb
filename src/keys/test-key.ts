import { and, eq } from 'drizzle-orm';
import { type Change, audit } from '../database/change.ts';
import type { Db } from '../database/connect.ts';
import { orm } from '../database/orm.ts';
import { providerKeys } from '../database/schema/provider-keys.ts';
import type { StoredKey } from './stored-key.ts';
import { findProvider } from './providers.ts';
import type { TestResult } from './test-results.ts';

/** How a test ended. */
export interface Tested {
  name: string;
  provider: string;
  result: TestResult;
  /** of HTTP; null where there was no answer */
  status: number | null;
  /** for people; nothing of the answer's body, which may repeat the key */
  sentence: string;
}

const timeoutMs = 15_000;

/**
 * Makes the provider's cheapest authenticated call with a key. Follows no redirect, for the key would go along, and reads no body. Never
 * throws for what the provider does. Undefined for a provider that has no such call.
 */
export async function testKey(
  { name, provider, baseUrl }: Pick<StoredKey, 'name' | 'provider' | 'baseUrl'>,
  value: string,
  { signal, timeout = timeoutMs }: { signal?: AbortSignal; timeout?: number } = {},
): Promise<Tested | undefined> {
  const known = findProvider(provider);
  if (!known) return undefined;
  const told = (result: TestResult, status: number | null, what: string): Tested => ({
    ...{ name, provider, result, status, sentence: `${known.name} ${what}` },
  });
  const { path, headers, rejects = [401] } = known.test;
  const late = AbortSignal.timeout(timeout);
  let status: number;
  try {
    const answer = await fetch(`${baseUrl ?? known.baseUrl}${path}`, {
      headers: { ...headers(value), accept: 'application/json', 'user-agent': 'subctl' },
      redirect: 'manual',
      signal: signal ? AbortSignal.any([late, signal]) : late,
    });
    await answer.body?.cancel();
    status = answer.status;
  } catch (error) {
    signal?.throwIfAborted();
    return told(
      'unreachable',
      null,
      late.aborted ? `gave no answer in ${timeout / 1000} s` : `cannot be reached: ${codeOf(error)}`,
    );
  }
  const [result, what] = meaningOf(status, rejects);
  return told(result, status, what);
}

type Meaning = readonly [result: TestResult, what: string];

const meanings: Readonly<Record<number, Meaning>> = {
  402: ['forbidden', 'knows the key and asks for payment (402)'],
  403: ['forbidden', 'knows the key and does not let it make this call (403)'],
  429: ['rate_limited', 'knows the key and is asked too often, or has no quota left (429)'],
};

/** What a status of HTTP says of the key; `rejects` are those by which the provider refuses one. */
function meaningOf(status: number, rejects: readonly number[]): Meaning {
  if (status >= 200 && status < 300) return ['ok', 'takes the key'];
  if (rejects.includes(status)) return ['rejected', `does not take the key (${status})`];
  if (status >= 500) return ['provider_error', `has a failure of its own (${status})`];
  return meanings[status] ?? ['unexpected', `answered ${status}, which says nothing of the key`];
}

/** The code alone: messages of some errors repeat what was sent. */
function codeOf(error: unknown): string {
  const { cause } = error as { cause?: { code?: unknown } };
  return typeof cause?.code === 'string' ? cause.code : 'no connection';
}

/** Notes with each key when it was tested and how that ended; one whose value was set meanwhile is left alone. */
export async function noteTests(
  tx: Db,
  change: Change,
  tests: readonly (readonly [StoredKey, Tested])[],
): Promise<{ changed: boolean }> {
  let isChanged = false;
  for (const [key, { result, status }] of tests) {
    const noted = await orm(tx)
      .update(providerKeys)
      .set({ testedAt: change.at, testResult: result, testStatus: status })
      .where(and(eq(providerKeys.name, key.name), eq(providerKeys.setAt, key.setAt)))
      .returning({ name: providerKeys.name });
    if (noted.length === 0) continue;
    isChanged = true;
    const before = {
      tested_at: key.testedAt?.toISOString() ?? null,
      test_result: key.testResult,
      test_status: key.testStatus,
    };
    const after = { tested_at: change.at.toISOString(), test_result: result, test_status: status };
    await audit(tx, change, [{ entity: 'provider_key', key: key.name, before, after }]);
  }
  return { changed: isChanged };
}
