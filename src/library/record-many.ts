import { callJson } from '../database/call.ts';
import type { Db } from '../database/connect.ts';
import { Failure, type FailureKind } from '../domain/failure.ts';
import type { Answer } from '../usage/use.ts';
import type { DatabaseSession } from './database-session.ts';

/** A use by the names of record_usage, with its key and time: what a batch sends and a spool keeps. */
export type Event = Record<string, unknown> & { customer: string; kind: string; key: string };

/** What became of an event of a batch: an answer, which may be a refusal, or why it is no use at all. */
export type Outcome = { answer: Answer } | { failure: Failure };

type Verdict = Answer & { error?: { code: FailureKind; message: string; hint: string | null } };

/**
 * Records events as one batch, each with a verdict of its own. An event that spoils the batch for all is found by halving it.
 * @throws Failure unavailable or config: nothing is known of any of them then, and sending them again is safe by their keys
 */
export async function recordMany(database: DatabaseSession, events: readonly Event[]): Promise<Outcome[]> {
  try {
    const verdicts = await database.call((db) => ask(db, events));
    return verdicts.map(toOutcome);
  } catch (error) {
    const failure = asFailure(error);
    if (['unavailable', 'conflict', 'config'].includes(failure.kind)) throw failure;
    if (events.length === 1) return [{ failure }];
    const half = Math.ceil(events.length / 2);
    return [
      ...(await recordMany(database, events.slice(0, half))),
      ...(await recordMany(database, events.slice(half))),
    ];
  }
}

/** Whether the database could not be reached: nothing is known of what was asked. */
export function isAway(error: unknown): error is Failure {
  return error instanceof Failure && error.kind === 'unavailable';
}

/** Whether a key was used for something else. */
export function isConflict(error: unknown): error is Failure {
  return error instanceof Failure && error.kind === 'conflict';
}

/** Whether a batch as a whole may be answered later: the database is away, or others were in the way. */
export function isPassing(error: unknown): error is Failure {
  return isAway(error) || isConflict(error);
}

async function ask(db: Db, events: readonly Event[]): Promise<Verdict[]> {
  return (await callJson(db, 'subctl.record_usage_many_json', { events })) as Verdict[];
}

function toOutcome({ error, ...answer }: Verdict): Outcome {
  if (!error) return { answer };
  return { failure: new Failure(error.code, error.message, { hint: error.hint ?? undefined }) };
}

/** What went wrong; a bug of ours stays one. */
export function asFailure(error: unknown): Failure {
  return error instanceof Failure ? error : new Failure('bug', String(error), { cause: error });
}
