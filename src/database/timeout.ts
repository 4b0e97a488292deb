import { Failure } from '../domain/failure.ts';
import type { Address } from './address.ts';

/** How long the database may take to answer one question; then it is taken to be gone. */
const defaultTimeoutMs = 10_000;

/** How long one server may take from the first packet until it is ready, in seconds. */
export function serverTimeoutSeconds({ connectTimeoutSeconds }: Address): number {
  return connectTimeoutSeconds || 10;
}

/** How long a program waits for its very first answer, all servers tried: then there is none. */
export function firstAnswerMs(address: Address): number {
  const rounds = address.targetSession === 'prefer-standby' ? 2 : 1;
  return rounds * address.hosts.length * serverTimeoutSeconds(address) * 1_000 + defaultTimeoutMs;
}

/** The database takes a question and gives no answer, as behind a network that swallows everything. */
export class DatabaseTimeout extends Failure {
  constructor(ms: number) {
    super('unavailable', `The database has not answered for ${ms / 1_000} seconds`);
  }
}

/**
 * Waits for `work`, but not for ever: a network that swallows everything is silent, and a driver would wait for a quarter of an hour.
 * @throws Silence when the time is over, or the signal's reason; the caller must close the connection then
 */
export function withTimeout<T>(
  work: Promise<T>,
  { ms = defaultTimeoutMs, signal }: { ms?: number; signal?: AbortSignal } = {},
): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new DatabaseTimeout(ms)), ms);
    const stop = () => reject(signal?.reason as Error);
    if (signal?.aborted) stop();
    signal?.addEventListener('abort', stop, { once: true });
    work.then(resolve, reject).finally(() => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', stop);
    });
  });
}
