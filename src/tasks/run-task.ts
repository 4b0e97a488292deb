import type { Connection } from '../database/connect.ts';
import { refusalOf } from '../database/refusals.ts';
import { Failure } from '../domain/failure.ts';
import { type ClaimRequest, type Run, claimRun } from './claim.ts';
import { type Ending, finishRun, keepLease } from './finish.ts';
import { isLate } from './jobs.ts';
import { type Batch, startBatches } from './running.ts';
import { type Ask, nothingDone, type Task, type Worked } from './task.ts';

export interface RunRequest extends Omit<ClaimRequest, 'task' | 'partial' | 'asked'> {
  task: Task;
  ask: Omit<Ask, 'asOf'>;
  reason?: string | undefined;
  /** aborted when the run should stop after the batch in hand */
  signal?: AbortSignal | undefined;
  progress?: ((done: number) => void) | undefined;
}

export interface Report extends Worked {
  task: string;
  asOf: Date;
  scheduledFor: Date;
  /** the task is paused, or the settings switch it off */
  paused: boolean;
}

/**
 * Runs a task once: takes its lease, does what is due, writes how it ended. Undefined when the timetable says that it is not due.
 * A failed or stopped run leaves what it has done, and its instant due.
 * @throws Failure conflict when another run is at work or took over, unavailable when retries were exhausted, or the signal's reason
 */
export async function runTask(connection: Connection, request: RunRequest): Promise<Report | undefined> {
  const { task, ask, now, signal } = request;
  const asked = JSON.parse(JSON.stringify({ ...ask, keepRows: undefined, pageSize: undefined })) as Record<
    string,
    unknown
  >;
  const partial = ask.customer !== undefined || ask.limit !== undefined;
  const run = await claimRun(connection, { ...request, task: task.name, partial, asked });
  if (!run) return undefined;
  const change = { now, actor: request.actor, action: task.name, reason: request.reason, asked };
  const batch = startBatches(connection, run, { change, signal, progress: request.progress });
  const lease = keepLease(connection, run);
  try {
    const worked = isLeftOut(run, now)
      ? {
          ...nothingDone(),
          notes: [`${task.name} was due at ${run.scheduledFor.toISOString()}: too late to be made up`],
        }
      : await task.perform(connection, batch, { ...ask, asOf: run.asOf });
    await finishRun(connection, run, now, endingOf(worked, batch.changeId));
    if (worked.stopped) throw stoppedBy(task.name, signal);
    return {
      ...worked,
      task: task.name,
      asOf: run.asOf,
      scheduledFor: run.scheduledFor,
      paused: !run.enabled,
    };
  } catch (error) {
    throw await fail(connection, run, { error, now, batch });
  } finally {
    lease.stop();
  }
}

function isLeftOut(run: Run, now: Date): boolean {
  return run.catchUp === 'none' && run.isDue && isLate(run, run.scheduledFor, now);
}

function endingOf(worked: Worked, changeId: string | null): Ending {
  const { done, skipped, parked, notes, stopped } = worked;
  const outcome = stopped ? 'interrupted' : parked > 0 ? 'incomplete' : 'done';
  return { outcome, done, skipped, parked, changeId, note: notes.join('; ') || undefined };
}

function stoppedBy(task: string, signal: AbortSignal | undefined): Failure {
  if (signal?.reason instanceof Failure) return signal.reason;
  return new Failure(
    'terminated',
    `${task} was stopped; what it has done stays done, and the next run does the rest`,
  );
}

/** Writes the failure of a run, if the database still answers, and gives what the caller should see. */
async function fail(
  connection: Connection,
  run: Run,
  { error, now, batch }: { error: unknown; now: Date; batch: Batch },
): Promise<unknown> {
  const seen = withoutConflict(run.task, error);
  const sentence = seen instanceof Error ? seen.message : String(seen);
  const isOver = error instanceof Failure && /^(interrupted|terminated|conflict)$/.test(error.kind);
  const { done, changeId } = batch;
  const ending = { outcome: 'failed', done, skipped: 0, parked: 0, error: sentence, changeId } as const;
  if (!isOver) await finishRun(connection, run, now, ending).catch(() => undefined);
  return seen;
}

/** Exit 8 of a task says that another run is at work and nothing else; rows that others held five times over are `unavailable`. */
function withoutConflict(task: string, error: unknown): unknown {
  if (error instanceof Failure) return error;
  const refusal = refusalOf(error);
  if (!refusal) return error;
  if (refusal.kind !== 'conflict') return refusal;
  return new Failure('unavailable', `${task} could not go on: ${refusal.message}`, {
    hint: 'run it again',
    cause: error,
  });
}
