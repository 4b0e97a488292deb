import * as fs from 'node:fs';
import { createInterface } from 'node:readline';
import { Failure } from '../domain/failure.ts';
import type { DatabaseSession } from './database-session.ts';
import { recordAgain } from './record-again.ts';
import { type Event, isConflict, type Outcome, recordMany } from './record-many.ts';
import { rejectedEnding, takeFile, tolerant, touchLock, wholeFiles, writeWhole } from './spool-files.ts';
import type { Spool } from './spool.ts';

export interface Replayed {
  recorded: number;
  /** set aside: lines that are no use, or that the database refuses whatever is tried */
  rejected: number;
}

interface Rejected {
  reason: string;
  message: string;
  use: unknown;
}

const batchSize = 200;

/**
 * Records what is in the spool, oldest first, each event once: its key says whether it is there already. A file goes when all of it is in
 * the database; what cannot be recorded goes to a file beside it, with its reason.
 * @throws Failure unavailable when the database goes away again: what is left stays where it is
 */
export async function replaySpool(database: DatabaseSession, spool: Spool): Promise<Replayed> {
  await spool.seal();
  const total: Replayed = { recorded: 0, rejected: 0 };
  for (const file of wholeFiles(spool.folder, Date.now())) {
    const unlock = takeFile(file, Date.now());
    if (!unlock) continue;
    try {
      const { recorded, rejected } = await replayFile(database, file);
      total.recorded += recorded;
      total.rejected += rejected;
    } finally {
      unlock();
    }
  }
  return total;
}

async function replayFile(database: DatabaseSession, file: string): Promise<Replayed> {
  if (!fs.existsSync(file)) return { recorded: 0, rejected: 0 };
  const rejected: Rejected[] = [];
  let recorded = 0;
  for await (const lines of batchesOf(file)) {
    const events = lines.flatMap((line) => readLine(line, rejected));
    for (const [at, outcome] of (await recordHappened(database, events)).entries()) {
      const refusal = refusalIn(outcome);
      if (refusal) rejected.push({ ...refusal, use: events[at] });
      else recorded++;
    }
    touchLock(file, Date.now());
  }
  if (rejected.length > 0) {
    const text = rejected.map((each) => `${JSON.stringify(each)}\n`).join('');
    writeWhole(`${file}${rejectedEnding}`, text);
  }
  tolerant(() => fs.unlinkSync(file));
  return { recorded, rejected: rejected.length };
}

/**
 * Events that have happened are recorded beyond limits (R12). One whose key is known with other arguments may be one that was sent before
 * the connection broke, when it was still a question: then it has its answer.
 */
async function recordHappened(database: DatabaseSession, events: readonly Event[]): Promise<Outcome[]> {
  if (events.length === 0) return [];
  const outcomes = await recordMany(database, events);
  for (const [at, outcome] of outcomes.entries()) {
    const answer =
      'failure' in outcome && isConflict(outcome.failure)
        ? await recordAgain(database, events[at]!)
        : undefined;
    if (answer) outcomes[at] = { answer };
  }
  return outcomes;
}

function refusalIn(outcome: Outcome): { reason: string; message: string } | undefined {
  if ('failure' in outcome) return { reason: outcome.failure.kind, message: outcome.failure.message };
  const { allowed, reason, message } = outcome.answer;
  return allowed ? undefined : { reason: reason ?? 'refused', message: message ?? '' };
}

/** A line that is no use was cut off when its writer died, and nobody was told that it is kept. */
function readLine(line: string, rejected: Rejected[]): Event[] {
  try {
    const event = JSON.parse(line) as Event;
    if (typeof event.customer === 'string' && typeof event.key === 'string') return [event];
    throw new Failure('usage', 'the line is no use with a customer and a key');
  } catch (error) {
    rejected.push({ reason: 'invalid', message: (error as Error).message, use: line });
    return [];
  }
}

async function* batchesOf(file: string): AsyncGenerator<string[]> {
  let batch: string[] = [];
  for await (const line of createInterface({ input: fs.createReadStream(file), crlfDelay: Infinity })) {
    if (line.trim() !== '') batch.push(line);
    if (batch.length < batchSize) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
