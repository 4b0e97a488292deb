import { hashOf } from '../../api-tokens/create-token.ts';
import { type Caller, findCaller, noteUse } from '../../api-tokens/find-caller.ts';
import type { Db } from '../../database/connect.ts';
import { HttpFailure } from '../http-failure.ts';

export interface AuthenticatorRequest {
  db: () => Db;
  /** the business's now where somebody said one */
  asOf: Date | undefined;
  /** the machine's */
  clock(): Date;
}

/** What a token may be known for without asking again: a revoked one is refused after so long at most. */
const memoryMs = 5_000;
/** How many tokens that are none an address may show in a minute before it must wait. */
const maxFailedAttempts = 20;
const failedAttemptsMs = 60_000;
/** How many tokens are looked up at a time before an address that showed wrong ones is refused without being looked up. */
const maxLookups = 8;
/** More are not remembered, however many come. */
const most = 10_000;

type Known = { caller: Caller; askedAt: number; notedAt: number };

export interface Authenticator {
  /** Who calls. @throws HttpFailure unauthenticated, too_many_requests */
  authenticate(authorization: string | undefined, address: string): Promise<Caller>;
}

/**
 * Finds out who calls by the token that is shown. A known token is asked for again every five seconds. An address that shows wrong ones is
 * told to wait and costs the database a few look-ups at a time at most; valid tokens work from it all the while, known or not.
 */
export function openAuthenticator({ db, asOf, clock }: AuthenticatorRequest): Authenticator {
  const known = new Map<string, Known>();
  const failedAttempts = new Map<string, { count: number; until: number }>();
  const asking = new Map<string, Promise<Caller | undefined>>();

  async function authenticate(authorization: string | undefined, address: string): Promise<Caller> {
    const now = clock();
    const token = /^Bearer (subctl_[\w-]{43})$/i.exec(authorization ?? '')?.[1];
    const hash = token === undefined ? undefined : hashOf(token);
    const before = hash === undefined ? undefined : known.get(hash);
    if (before && now.getTime() - before.askedAt < memoryMs && !isOver(before.caller, asOf ?? now))
      return noted(before, now);
    if (hash === undefined) throw unauthenticated(authorization);
    if (!before && asking.size >= maxLookups) refuseBlocked(address, now);
    const caller = await ask(hash);
    if (!caller) {
      known.delete(hash);
      refuseBlocked(address, now);
      countFailedAttempt(address, now);
      throw unauthenticated(authorization);
    }
    const entry = { caller, askedAt: now.getTime(), notedAt: before?.notedAt ?? 0 };
    remember(known, hash, entry);
    return noted(entry, now);
  }

  /** Many callers with one token are one question. */
  function ask(hash: string): Promise<Caller | undefined> {
    let question = asking.get(hash);
    if (!question) {
      question = findCaller(db(), hash, asOf).finally(() => asking.delete(hash));
      asking.set(hash, question);
    }
    return question;
  }

  function noted(entry: Known, now: Date): Caller {
    if (now.getTime() - entry.notedAt >= 60_000) {
      entry.notedAt = now.getTime();
      noteUse(db(), entry.caller.id, asOf ?? now).catch(() => (entry.notedAt = 0));
    }
    return entry.caller;
  }

  function refuseBlocked(address: string, now: Date): void {
    const found = failedAttempts.get(address);
    if (!found || found.count < maxFailedAttempts || found.until <= now.getTime()) return;
    const seconds = Math.ceil((found.until - now.getTime()) / 1000);
    throw new HttpFailure('too_many_requests', 'Too many wrong tokens came from this address', {
      hint: `Try again in ${seconds} seconds`,
      headers: { 'Retry-After': String(seconds) },
    });
  }

  function countFailedAttempt(address: string, now: Date): void {
    const found = failedAttempts.get(address);
    if (found && found.until > now.getTime()) found.count++;
    else remember(failedAttempts, address, { count: 1, until: now.getTime() + failedAttemptsMs });
  }

  return { authenticate };
}

function unauthenticated(authorization: string | undefined): HttpFailure {
  const why = authorization === undefined ? 'There is no token' : 'The token is not valid, or no longer';
  return new HttpFailure('unauthenticated', why, {
    hint: 'Send Authorization: Bearer subctl_…, from: subctl tokens create',
    headers: { 'WWW-Authenticate': 'Bearer' },
  });
}

function isOver({ expiresAt }: Caller, now: Date): boolean {
  return expiresAt !== null && expiresAt <= now;
}

/** Keeps the newest; the oldest gives way where there are too many. */
function remember<V>(map: Map<string, V>, key: string, value: V): void {
  map.delete(key);
  map.set(key, value);
  if (map.size > most) map.delete(map.keys().next().value!);
}
