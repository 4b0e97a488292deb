import { randomUUID } from 'node:crypto';
import { readClock } from '../database/clock.ts';
import type { Db } from '../database/connect.ts';
import { withCurrencyDigits } from '../domain/currency-digits.ts';
import { canUse } from '../subscriptions/can-use.ts';
import { getEntitlements } from '../subscriptions/entitlements.ts';
import { preflightUses } from '../usage/preflight.ts';
import { releaseReservation, reserveUse, settleUse } from '../usage/reserve.ts';
import { showUsage } from '../usage/show.ts';
import { checkUse } from '../usage/use.ts';
import { meteredFetch } from './calls/metered-fetch.ts';
import { openCache, openLookups } from './cache.ts';
import { type Client, uncheckedAnswer } from './client.ts';
import type { Call, Hold } from './answers.ts';
import { openUsageGuard } from './usage-guard.ts';
import { holdUse } from './hold.ts';
import { type OutagePolicy, openOutagePolicy } from './outage-policy.ts';
import { openKeys } from './provider-key.ts';
import { type DatabaseSession, openDatabaseSession } from './database-session.ts';
import { fetchMeter, nodeMiddleware } from './middleware.ts';
import type { ClientOptions } from './options.ts';
import { isAway } from './record-many.ts';
import { type Recorder, openRecorder } from './recorder.ts';
import { readAmounts, readUse, toArguments, type Use } from './use.ts';

export { Failure } from '../domain/failure.ts';
export type * from './client.ts';
export type * from './options.ts';
export type { FetchOptions } from './calls/metered-fetch.ts';
export type * from './middleware.ts';
export type { RouteOptions } from './route.ts';
export type { Use, Amounts } from './use.ts';
export type { Amount } from './amount.ts';
export type { Answer, TouchedLimit } from '../usage/use.ts';
export type { Reserved, Released } from '../usage/reserve.ts';
export type { Preflight } from '../usage/preflight.ts';
export type { CurrentUsage, CurrentLimit } from '../usage/show.ts';
export type { Entitlement, Entitlements } from '../subscriptions/entitlements.ts';

/**
 * A client of the database of `url`, else of DATABASE_URL, or over a postgres.js client of the application's. It connects when first asked.
 * @throws Failure config for a URL that is missing or wrong, and for a policy that would lose uses
 */
export function subctl(options: ClientOptions = {}): Client {
  const { retryMs = 10_000 } = options;
  const database = openDatabaseSession(options);
  const outagePolicy = openOutagePolicy(database, options);
  const recorder = openRecorder({ database, outagePolicy, retryMs, options });
  const parts = { database, outagePolicy, recorder, retryMs };
  return {
    ...recordingCalls(parts),
    ...reservingCalls(parts),
    ...questionsOf(parts, options),
    key: openKeys(database, options),
    flush: () => recorder.flush(),
    async close() {
      await recorder.close();
      await outagePolicy.close();
      await database.close();
    },
  };
}

interface ClientParts {
  database: DatabaseSession;
  outagePolicy: OutagePolicy;
  recorder: Recorder;
  retryMs: number;
}

type Calls<Names extends keyof Client> = Pick<Client, Names>;

/** Asks by statements of ours, which need the settings of our own sessions. */
async function ask<T>(
  { database }: ClientParts,
  call: Call,
  question: (db: Db, now: Date | null) => Promise<T>,
): Promise<T> {
  return withCurrencyDigits(await database.ask((db) => question(db, call.asOf ?? null), call.sql));
}

/** Makes one call of an entry function. */
async function enter<T>(
  { database }: ClientParts,
  call: Call,
  entry: (db: Db, now: Date | null) => Promise<T>,
): Promise<T> {
  return withCurrencyDigits(await database.call((db) => entry(db, call.asOf ?? null), call.sql));
}

/** Gives the answer, or allows the use unchecked where the policy says so and the database is away. */
async function allow<T extends object>(
  { outagePolicy }: ClientParts,
  use: { customer: string; kind: string },
  answer: Promise<T>,
) {
  try {
    return await answer;
  } catch (error) {
    if (!outagePolicy.isOpen || !isAway(error)) throw error;
    return uncheckedAnswer(use.customer, use.kind, new Date());
  }
}

function recordingCalls(
  parts: ClientParts,
): Calls<'record' | 'check' | 'hold' | 'fetch' | 'middleware' | 'meter'> {
  const { database, recorder } = parts;
  const hold = (use: Hold) => holdUse(parts, { ...use, key: use.key ?? randomUUID() });
  const check = async (use: Use, call: Call = {}) => {
    const plain = readUse(use);
    return allow(
      parts,
      use,
      enter(parts, call, (db, now) => checkUse(db, plain, now)),
    );
  };
  const guard = openUsageGuard({ database, recorder, hold, check });
  return {
    record: (use, call = {}) => recorder.record(use, call),
    check,
    hold,
    fetch: (customer, options) => meteredFetch(guard, customer, options),
    middleware: (options) => nodeMiddleware(guard, options),
    meter: (options) => fetchMeter(guard, options),
  };
}

function reservingCalls(parts: ClientParts): Calls<'reserve' | 'settle' | 'release' | 'preflight'> {
  return {
    reserve: async ({ holdSeconds = 900, ...use }, call = {}) => {
      const plain = { ...readUse(use), key: use.key ?? randomUUID(), holdSeconds };
      return allow(
        parts,
        use,
        enter(parts, call, (db, now) => reserveUse(db, plain, now)),
      );
    },
    settle: async (done, call = {}) => {
      const plain = { ...done, ...readAmounts(done) };
      return enter(parts, call, (db, now) => settleUse(db, plain, now));
    },
    release: (held, call = {}) => enter(parts, call, (db, now) => releaseReservation(db, held, now)),
    preflight: async ({ uses, ...rest }, call = {}) => {
      const plain = { ...rest, uses: uses.map(toArguments) };
      if (rest.holdSeconds !== undefined) plain.key ??= randomUUID();
      return enter(parts, call, (db, now) => preflightUses(db, { ...plain, now }));
    },
  };
}

function questionsOf(
  parts: ClientParts,
  { cache }: ClientOptions,
): Calls<'usage' | 'plan' | 'feature' | 'has'> {
  const { database, outagePolicy } = parts;
  const lookups = cache
    ? openCache(database, cache === true ? {} : cache, outagePolicy.isOpen)
    : openLookups(database);
  const plan = (customer: string, call: Call = {}) =>
    call.asOf || call.sql
      ? ask(parts, call, (db, now) => getEntitlements(db, customer, now))
      : lookups.entitlements(customer);
  const feature = async (customer: string, name: string, call: Call = {}) => {
    const { plan: planId, status, features } = await plan(customer, call);
    const found = features[name];
    if (found) return { customer, feature: name, ...found, plan: planId, status };
    return ask(parts, call, (db, now) => canUse(db, { customer, feature: name, now: now ?? undefined }));
  };
  return {
    usage: (customer, call = {}) =>
      ask(parts, call, async (db, now) => showUsage(db, customer, now ?? (await readClock(db)))),
    plan,
    feature,
    has: async (customer, name, call) => (await feature(customer, name, call)).allowed,
  };
}
