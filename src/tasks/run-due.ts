import type { Connection } from '../database/connect.ts';
import { refusalOf } from '../database/refusals.ts';
import { exitCodeOf, type FailureKind } from '../domain/failure.ts';
import type { EffectiveEntry } from '../scheduler/effective.ts';
import { syncTaskStates, listDueTasks } from './task-states.ts';
import { runTask } from './run-task.ts';
import type { Services } from './services.ts';
import { loadTask } from './tasks.ts';
import type { Watcher } from './watcher.ts';

export interface DueRequest {
  now: Date;
  /** of the settings: effectiveTimetable */
  timetable: readonly EffectiveEntry[];
  /** what tasks reach beside the database */
  services: Services;
  actor: string;
  reason?: string | undefined;
  trigger: string;
  signal?: AbortSignal | undefined;
  watcher?: Watcher | undefined;
  leaseMs?: number | undefined;
  progress?: ((task: string, done: number) => void) | undefined;
}

/** What became of one instant that was due. */
export interface DueRun {
  task: string;
  scheduled_for: Date;
  outcome: 'done' | 'incomplete' | 'failed' | 'held';
  done: number;
  skipped: number;
  parked: number;
  error: string | null;
  failure: FailureKind | null;
}

/**
 * Runs each task that the timetable says is due, the longest waiting first: once for all instants it missed, or where it catches up `all`
 * once for each. A task that another run holds is left to it, and one that fails does not keep the others from running.
 * @throws the signal's reason when it is aborted
 */
export async function runDue(connection: Connection, request: DueRequest): Promise<DueRun[]> {
  await syncTaskStates(connection, request.now, request.timetable);
  const runs: DueRun[] = [];
  const stuck = new Set<string>();
  for (;;) {
    const due = (await listDueTasks(connection, request.now)).filter(({ task }) => !stuck.has(task));
    if (due.length === 0) return runs;
    for (const { task, nextDue } of due) {
      request.signal?.throwIfAborted();
      const run = await runOne(connection, request, { task, nextDue });
      if (!run) continue;
      if (run.outcome === 'held' || run.outcome === 'failed') stuck.add(task);
      runs.push(run);
    }
  }
}

async function runOne(
  connection: Connection,
  { progress = () => undefined, timetable: _, services, ...asked }: DueRequest,
  { task: name, nextDue }: { task: string; nextDue: Date },
): Promise<DueRun | undefined> {
  const nothing = {
    task: name,
    scheduled_for: nextDue,
    done: 0,
    skipped: 0,
    parked: 0,
    error: null,
    failure: null,
  };
  try {
    const task = await loadTask(name, services);
    const request = { ...asked, task, ask: {}, mode: 'due' } as const;
    const report = await runTask(connection, { ...request, progress: (done) => progress(name, done) });
    if (!report) return undefined;
    const { scheduledFor, done, skipped, parked } = report;
    const outcome = parked > 0 ? 'incomplete' : 'done';
    return { ...nothing, scheduled_for: scheduledFor, outcome, done, skipped, parked };
  } catch (error) {
    if (asked.signal?.aborted) throw error;
    const kind = refusalOf(error)?.kind ?? 'bug';
    const outcome = kind === 'conflict' ? 'held' : 'failed';
    return { ...nothing, outcome, error: (error as Error).message, failure: kind };
  }
}

/** The kind of failure that all of these runs together end with: the worst that failed, else incomplete when rows were parked. */
export function worstOf(runs: readonly DueRun[]): FailureKind | undefined {
  const failed = runs.filter(({ outcome }) => outcome === 'failed').map(({ failure }) => failure!);
  if (failed.length > 0) return failed.sort((a, b) => exitCodeOf(a) - exitCodeOf(b))[0];
  return runs.some(({ outcome }) => outcome === 'incomplete') ? 'incomplete' : undefined;
}
