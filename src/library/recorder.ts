import { randomUUID } from 'node:crypto';
import { recordUse } from '../usage/use.ts';
import { openBatches } from './batch.ts';
import type { Call, Recorded } from './answers.ts';
import { beforeExit } from './exits.ts';
import type { Keeper } from './keeper.ts';
import type { Link } from './link.ts';
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
  link: Link;
  keeper: Keeper;
  retryMs: number;
  options: ClientOptions;
}

/**
 * Every use gets a key, so that to send it again after a lost answer is to send it once (R15), and where it may be kept for later or wait for
 * others the time of this host, so that it counts when it happened.
 */
export function openRecorder({ link, keeper, retryMs, options }: RecorderParts): Recorder {
  const { batch, connections: lanes = 4, spool } = options;
  const batches = batch
    ? openBatches({ ...(batch === true ? {} : batch), link, lanes, retryMs, keep: keeper.keep })
    : undefined;
  const background = new Set<Promise<void>>();
  const ends = new Set<() => void>();
  let takeBack: (() => void) | undefined;

  async function record(use: Use, call: Call): Promise<Recorded> {
    const isPlain = !call.sql && !call.asOf;
    const at = isPlain && (batches ?? spool) ? (use.at ?? new Date()) : use.at;
    const whole = { ...use, at, key: use.key ?? randomUUID() };
    try {
      return await (isPlain ? recordPlain(whole) : recordNow(whole, call));
    } catch (error) {
      const isAgain = isPlain && use.key !== undefined && use.at === undefined && isConflict(error);
      const answer = isAgain ? await recordAgain(link, toArguments(whole) as Event) : undefined;
      if (answer) return answer;
      throw error;
    }
  }

  async function recordPlain(whole: Use): Promise<Recorded> {
    const event = toArguments(whole) as Event;
    if (batches) {
      watch();
      return batches.record(event);
    }
    try {
      return await recordNow(whole, {});
    } catch (error) {
      const kept = isAway(error) ? keeper.keep(event) : undefined;
      if (!kept) throw error;
      return await kept;
    }
  }

  function recordNow(whole: Use, { asOf, sql }: Call): Promise<Recorded> {
    const plain = readUse(whole);
    return link.call((db) => recordUse(db, plain, asOf ?? null), sql);
  }

  function inBackground(work: () => Promise<unknown>): void {
    watch();
    const done = work().then(
      () => undefined,
      (error: unknown) => keeper.problem(asFailure(error)),
    );
    background.add(done);
    void done.finally(() => background.delete(done));
  }

  /** From the first thing that nobody waits for on. */
  function watch(): void {
    takeBack ??= beforeExit({
      isBusy: () => background.size > 0 || (batches?.unacknowledged().length ?? 0) > 0,
      flush: (isLast) => (isLast ? finish() : flush()),
      last: () => keeper.keepNow(batches?.unacknowledged() ?? []),
    });
  }

  function atLast(end: () => void): () => void {
    watch();
    ends.add(end);
    return () => ends.delete(end);
  }

  async function finish(): Promise<void> {
    for (const end of ends) end();
    await flush();
  }

  async function flush(): Promise<void> {
    while (background.size > 0) await Promise.all(background);
    await batches?.flush();
  }

  return {
    record,
    inBackground,
    atLast,
    flush,
    async close() {
      await finish();
      takeBack?.();
      takeBack = undefined;
    },
  };
}
