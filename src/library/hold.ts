import { setTimeout as sleep } from 'node:timers/promises';
import { Failure } from '../domain/failure.ts';
import { releaseReservation, reserveUse, settleUse } from '../usage/reserve.ts';
import type { Answer } from '../usage/use.ts';
import { uncheckedAnswer } from './client.ts';
import type { Checked, Held, Happened, Hold, Recorded } from './answers.ts';
import type { OutagePolicy } from './outage-policy.ts';
import type { DatabaseSession } from './database-session.ts';
import { type Event, isAway, recordMany } from './record-many.ts';
import { onlyGiven, readAmounts, readUse, toArguments } from './use.ts';

export interface HoldParts {
  database: DatabaseSession;
  outagePolicy: OutagePolicy;
  /** how long to try while the database is away, where there is no spool */
  retryMs: number;
}

/**
 * Holds a use by the policy. What is settled is sent whole, with the reservation's own time and key, so that the same line in the spool is
 * the same use: recorded once, whether or not an answer came back.
 */
export async function holdUse(parts: HoldParts, use: Hold & { key: string }): Promise<Held> {
  const { holdSeconds = 900, ...asked } = { ...use, partial: undefined }; // a part of a call cannot be made
  const { customer, kind } = asked;
  const begun = new Date();
  const plain = { ...readUse(asked), holdSeconds };
  const answer = await parts.database
    .call((db) => reserveUse(db, plain, null))
    .catch((error: unknown): Checked => {
      if (parts.outagePolicy.isOpen && isAway(error)) return uncheckedAnswer(customer, kind, begun);
      throw error;
    });
  const reservation = 'reservation' in answer ? answer.reservation : undefined;

  async function settle(happened: Happened = {}): Promise<Recorded> {
    if (!answer.allowed)
      throw new Failure('conflict', `A use of ${customer} that was refused cannot be settled`);
    const done = { quantity: 1, ...asked, ...onlyGiven(happened) };
    const event = toArguments({ ...done, at: new Date(answer.at), alreadySpent: true }) as Event;
    const until = Date.now() + parts.retryMs;
    for (let pauseMs = 100; ; pauseMs = Math.min(2 * pauseMs, 2_000)) {
      try {
        if (!reservation) return await recordOne(event);
        return await settleHeld(done, reservation).catch((error: unknown) => {
          // a server that was replaced by one that lagged behind: what has happened has happened
          if (error instanceof Failure && error.kind === 'not_found') return recordOne(event);
          throw error;
        });
      } catch (error) {
        if (!isAway(error)) throw error;
        const kept = parts.outagePolicy.keep(event);
        if (kept) return await kept;
        if (Date.now() + pauseMs > until) throw error;
        await sleep(pauseMs);
      }
    }
  }

  function settleHeld(done: Happened & { key: string }, held: string): Promise<Answer> {
    const { status, latencyMs, endpoint, metadata, key } = done;
    const settlement = { customer, reservation: held, key, ...readAmounts(done) };
    return parts.database.call((db) =>
      settleUse(db, { ...settlement, status, latencyMs, endpoint, metadata }, null),
    );
  }

  async function recordOne(event: Event): Promise<Answer> {
    const [outcome] = await recordMany(parts.database, [event]);
    if ('failure' in outcome!) throw outcome.failure;
    return outcome!.answer;
  }

  async function release(): Promise<void> {
    if (!reservation) return;
    try {
      await parts.database.call((db) => releaseReservation(db, { customer, reservation }, null));
    } catch (error) {
      if (!isAway(error)) throw error;
    }
  }

  return { answer, settle, release };
}
