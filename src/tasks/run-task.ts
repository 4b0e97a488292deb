import type { Connection } from '../database/connect.ts';
import { refusalOf } from '../database/refusals.ts';
import { exitCodeOf, Failure } from '../domain/failure.ts';
import { type ClaimRequest, type Run, claimRun } from './claim.ts';
import { terminateOrphanedSessions } from './terminate-orphaned-sessions.ts';
import { type Ending, finishRun } from './finish.ts';
import { isLate } from './task-states.ts';
import { keepLease } from './keep-lease.ts';
import { type FencedWriter, openFencedWriter } from './fenced-writer.ts';
import { nothingDone, type Task, type TaskResult } from './task.ts';
import type { TaskOptions } from './task-options.ts';
import type { Watcher } from './watcher.ts';

export interface RunRequest extends Omit<ClaimRequest, 'task' | 'partial' | 'asked'> {
  task: Task;
  ask: Omit<TaskOptions, 'asOf'>;
  reason?: string | undefined;
  /** aborted when the run should stop after the batch in hand */
  signal?: AbortSignal | undefined;
  progress?: ((done: number) => void) | undefined;
  /** told when the run has its lease and how it ended */
  watcher?: Watcher | undefined;
  /** for the lease alone, so that it is renewed and given back whatever becomes of the connection that works */
  leases?: Connection | undefined;
  /** called when the lease is over while the task is still at work */
  onLost?: (() => void) | undefined;
  /** aborted when the connection that works was cut: what still waits for it is given up, since it may never hear of that */
  cut?: AbortSignal | undefined;
}

export interface Report extends TaskResult {
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
  const { leases = connection, leaseMs, onLost, watcher } = request;
  const claim = { ...request, task: task.name, partial, asked };
  const run = await claimRun(leases, claim).catch((error: unknown) => {
    if (request.mode === 'named' && error instanceof Failure) watcher?.refused(task.name, error);
    throw error;
  });
  if (!run) return undefined;
  const change = { now, actor: request.actor, action: task.name, reason: request.reason, asked };
  const batch = openFencedWriter(connection, run, { change, signal, leaseMs, progress: request.progress });
  const lease = keepLease(leases, run, { leaseMs, onLost });
  let result: TaskResult;
  try {
    watcher?.started(run);
    result = isLeftOut(run, now)
      ? { ...nothingDone(), notes: [leftOut(run)] }
      : await unlessCut(task.run(connection, batch, { ...ask, asOf: run.asOf }), request.cut);
    const ending = endingOf(result, batch.changeId);
    await finishRun(leases, run, now, ending);
    watcher?.ended(run, { ...ending, exit: ending.outcome === 'incomplete' ? exitCodeOf('incomplete') : 0 });
  } catch (error) {
    throw await fail(leases, run, { error, batch, request });
  } finally {
    lease.stop();
  }
  if (result.stopped) throw stoppedBy(task.name, signal);
  const { asOf, scheduledFor, enabled } = run;
  return { ...result, task: task.name, asOf, scheduledFor, paused: !enabled };
}

/** The driver settles a transaction only when its socket is closed, and a server that waits for a lock closes nothing. */
function unlessCut<T>(work: Promise<T>, cut: AbortSignal | undefined): Promise<T> {
  if (!cut) return work;
  return new Promise((resolve, reject) => {
    cut.addEventListener('abort', () => reject(cut.reason as Error), { once: true });
    work.then(resolve, reject);
  });
}

function isLeftOut(run: Run, now: Date): boolean {
  return run.catchUp === 'none' && run.isDue && isLate(run, run.scheduledFor, now);
}

const leftOut = ({ task, scheduledFor }: Run) =>
  `${task} was due at ${scheduledFor.toISOString()}: too late to be made up`;

function endingOf(result: TaskResult, changeId: string | null): Ending {
  const { done, skipped, parked, notes, stopped } = result;
  const whole = parked > 0 ? 'incomplete' : 'done';
  const outcome = stopped ? 'interrupted' : whole;
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
  leases: Connection,
  run: Run,
  { error, batch, request }: { error: unknown; batch: FencedWriter; request: RunRequest },
): Promise<unknown> {
  const { now, signal, watcher } = request;
  const seen = withoutConflict(run.task, error);
  const kind = seen instanceof Failure ? seen.kind : 'bug';
  const sentence = seen instanceof Error ? seen.message : String(seen);
  const outcome = signal?.aborted ? 'interrupted' : 'failed';
  const { done, changeId } = batch;
  const ending: Ending = { outcome, done, skipped: 0, parked: 0, error: sentence, changeId };
  const finish = async () => {
    await terminateOrphanedSessions(leases, run.task, run.token); // where our connection was cut the server may not know it yet
    await finishRun(leases, run, now, ending);
  };
  const isLost = kind === 'conflict' || (await finish().then(isNot, isConflict));
  watcher?.ended(run, { ...ending, outcome: isLost ? 'lost' : outcome, exit: exitCodeOf(kind) });
  return seen;
}

const isNot = () => false;
const isConflict = (error: unknown) => error instanceof Failure && error.kind === 'conflict';

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
