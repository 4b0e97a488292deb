import { randomUUID } from 'node:crypto';
import { recordUse } from '../usage/use.ts';
import { type Batches, openBatches } from './batch.ts';
import type { Call, Recorded } from './answers.ts';
import { addShutdownHook } from './shutdown-hooks.ts';
import type { OutagePolicy } from './outage-policy.ts';
import type { DatabaseSession } from './database-session.ts';
import type { ClientOptions } from './options.ts';
import { recordAgain } from './record-again.ts';
import { asFailure, type Event, isAway, isConflict } from './record-many.ts';
import { readUse, toArguments, type Use } from './use.ts';

/** Records uses, one by one or in batches, and what is done in the background. */
export interface Recorder {
  record(use: Use, call: Call): Promise<Recorded>;
  /** Does `work` without anybody waiting for it; what goes wrong is a problem that is told. */
  inBackground(work: () => Promise<unknown>): void;
  /** Has `end` called before the client closes or the process ends. Gives the way to forget it. */
  atLast(end: () => void): () => void;
  flush(): Promise<void>;
  close(): Promise<void>;
}

export interface RecorderParts {
  database: DatabaseSession;
  outagePolicy: OutagePolicy;
  retryMs: number;
  options: ClientOptions;
}

/**
 * Every use gets a key, so that to send it again after a lost answer is to send it once (R15), and where it may be kept for later or wait for
 * others the time of this host, so that it counts when it happened.
 */
export function openRecorder(parts: RecorderParts): Recorder {
  return new PolicyRecorder(parts);
}

class PolicyRecorder implements Recorder {
  readonly #database: DatabaseSession;
  readonly #outagePolicy: OutagePolicy;
  readonly #batches: Batches | undefined;
  /** a use may be recorded later than it happened */
  readonly #isDelayed: boolean;
  readonly #background = new Set<Promise<void>>();
  readonly #ends = new Set<() => void>();
  #takeBack: (() => void) | undefined;

  constructor({ database, outagePolicy, retryMs, options }: RecorderParts) {
    const { batch, connections: lanes = 4, spool } = options;
    const keep = (event: Event) => outagePolicy.keep(event);
    this.#database = database;
    this.#outagePolicy = outagePolicy;
    this.#batches = batch
      ? openBatches({ ...(batch === true ? {} : batch), database, lanes, retryMs, keep })
      : undefined;
    this.#isDelayed = Boolean(this.#batches ?? spool);
  }

  async record(use: Use, call: Call): Promise<Recorded> {
    const isPlain = !call.sql && !call.asOf;
    const at = isPlain && this.#isDelayed ? (use.at ?? new Date()) : use.at;
    const whole = { ...use, at, key: use.key ?? randomUUID() };
    try {
      return await (isPlain ? this.#recordPlain(whole) : this.#recordNow(whole, call));
    } catch (error) {
      const isAgain = isPlain && use.key !== undefined && use.at === undefined && isConflict(error);
      const answer = isAgain ? await recordAgain(this.#database, toArguments(whole) as Event) : undefined;
      if (answer) return answer;
      throw error;
    }
  }

  inBackground(work: () => Promise<unknown>): void {
    this.#watch();
    const done = work().then(
      () => undefined,
      (error: unknown) => this.#outagePolicy.problem(asFailure(error)),
    );
    this.#background.add(done);
    void done.finally(() => this.#background.delete(done));
  }

  atLast(end: () => void): () => void {
    this.#watch();
    this.#ends.add(end);
    return () => this.#ends.delete(end);
  }

  async flush(): Promise<void> {
    while (this.#background.size > 0) await Promise.all(this.#background);
    await this.#batches?.flush();
  }

  async close(): Promise<void> {
    await this.#finish();
    this.#takeBack?.();
    this.#takeBack = undefined;
  }

  async #recordPlain(whole: Use): Promise<Recorded> {
    const event = toArguments(whole) as Event;
    if (this.#batches) {
      this.#watch();
      return this.#batches.record(event);
    }
    try {
      return await this.#recordNow(whole, {});
    } catch (error) {
      const kept = isAway(error) ? this.#outagePolicy.keep(event) : undefined;
      if (!kept) throw error;
      return await kept;
    }
  }

  #recordNow(whole: Use, { asOf, sql }: Call): Promise<Recorded> {
    const plain = readUse(whole);
    return this.#database.call((db) => recordUse(db, plain, asOf ?? null), sql);
  }

  /** From the first thing that nobody waits for on. */
  #watch(): void {
    this.#takeBack ??= addShutdownHook({
      isBusy: () => this.#background.size > 0 || this.#unacknowledged().length > 0,
      flush: (isLast) => (isLast ? this.#finish() : this.flush()),
      last: () => this.#outagePolicy.keepNow(this.#unacknowledged()),
    });
  }

  #unacknowledged(): Event[] {
    return this.#batches?.unacknowledged() ?? [];
  }

  async #finish(): Promise<void> {
    for (const end of this.#ends) end();
    await this.flush();
  }
}
