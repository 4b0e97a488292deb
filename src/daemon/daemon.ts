import { withTimeout } from '../database/timeout.ts';
import type { Build } from '../database/carried.ts';
import { checkSchema } from '../database/check-schema.ts';
import type { Db } from '../database/connect.ts';
import { refusalOf } from '../database/refusals.ts';
import { Failure } from '../domain/failure.ts';
import { syncTaskStates } from '../tasks/task-states.ts';
import { openWakeSignal } from './wake-signal.ts';
import { type RunnerOptions, openRuns } from './runs.ts';
import { checkDatabaseSession, type DatabaseSession, openDatabaseSession } from './database-session.ts';
import type { Log } from './log.ts';
import { findClaimableTasks } from './find-claimable-tasks.ts';
import type { Notifier } from './notify.ts';
import type { ProgramFiles } from './other-build.ts';
import { heartbeat, unregister } from './registry.ts';
import type { Configuration, RunningDaemon } from './running-daemon.ts';

export interface DaemonRequest extends Omit<RunnerOptions, 'onFinished'> {
  id: string;
  build: Build;
  configuration: Configuration;
  log: Log;
  notifier: Notifier;
  /** the files of the program, where it should end when another build has replaced them */
  files?: ProgramFiles | undefined;
  /** aborted when the daemon should stop */
  signal: AbortSignal;
  /** the business's now; the database's clock, but for tests that have another */
  clock?: (db: Db) => Promise<Date>;
  /** how long it sleeps at most between two polls of the timetable; five seconds by default */
  pollMs?: number;
  /** how long batches in hand may take when it is told to stop; six seconds unless said */
  graceMs?: number;
}

const stalledMs = 60_000;
const timetableSyncMs = 60_000;
const longestPauseMs = 30_000;

/**
 * Runs what the timetable says is due until it is told to stop. It has no memory of its own: the database keeps the instants, so what
 * falls due while it is away, restarting or cut off is found at the next poll (R43). A database that is away is tried again after a
 * quarter of a second, then less and less often, twice a minute at least.
 *
 * Another build that replaces its files takes its place as soon as the database is set up for it.
 *
 * To stop, it begins nothing new, lets the batches in hand be finished for six seconds, gives the leases back, and ends.
 */
export function startDaemon(request: DaemonRequest): RunningDaemon {
  const { log, notifier, build, id, leaseMs, pollMs = 5_000, graceMs = 6_000, clock = readClock } = request;
  const asked = new AbortController(); // by its row in the database
  const stopping = AbortSignal.any([request.signal, asked.signal]);
  const wakeSignal = openWakeSignal(stopping);
  const runs = openRuns({ ...request, onFinished });
  const state: State = {
    configuration: request.configuration,
    session: undefined,
    outage: new Failure('unavailable', 'The database has not been reached yet'),
    tries: 0,
    hasConnected: false,
    polledAt: performance.now(),
    timetableSyncedAt: -Infinity,
  };
  return {
    ended: loop(),
    clock,
    unloadable: runs.unloadable,
    get session() {
      return state.session;
    },
    get outage() {
      return state.outage;
    },
    get tasks() {
      return state.configuration.timetable.map(({ task }) => task);
    },
    isAlive: () => performance.now() - state.polledAt < stalledMs,
    reconfigure(next) {
      const moved = JSON.stringify(next.database) !== JSON.stringify(state.configuration.database);
      Object.assign(state, { configuration: next, timetableSyncedAt: -Infinity });
      if (moved) void closeSession();
      wakeSignal.wake();
    },
  };

  async function loop(): Promise<void> {
    while (!stopping.aborted) {
      state.polledAt = performance.now();
      try {
        state.session ??= await withTimeout(open(), { ms: 120_000, signal: stopping });
        await wakeSignal.wait(await withTimeout(poll(state.session), { signal: stopping }));
      } catch (error) {
        if (stopping.aborted) break;
        await closeSession();
        await wakeSignal.wait(reportFailure(error));
      }
    }
    await stop();
    if (state.replaced && !request.signal.aborted) throw state.replaced;
  }

  async function open(): Promise<DatabaseSession> {
    const { database } = state.configuration;
    const session = await openDatabaseSession(database, build, stopping).catch(async (error: unknown) => {
      const other = refusalOf(error)?.kind === 'config' && request.files?.findOther();
      if (!other) throw error;
      const theirs = await openDatabaseSession(database, other, stopping).catch(() => Promise.reject(error));
      stopFor(other);
      return theirs;
    });
    if (stopping.aborted) await session.close();
    return session;
  }

  /** Ends for another build that can work; while the database is not set up for it, this one goes on. */
  async function yieldToOtherBuild(db: Db): Promise<void> {
    const other = request.files?.findOther();
    if (!other) return;
    try {
      await checkSchema(db, other);
      stopFor(other);
    } catch (error) {
      const failure = refusalOf(error);
      if (failure?.kind !== 'config') throw error;
      const says = `The program was replaced by subctl ${other.program}, which cannot work yet: ${failure.message}`;
      if (state.blockedBuild !== says) log.warn({ hint: failure.hint }, says);
      state.blockedBuild = says;
    }
  }

  function stopFor({ program }: Build): void {
    const says = `The program was replaced by subctl ${program}${program === build.program ? ', another build' : ''}`;
    state.replaced = new Failure('unavailable', `${says}: this daemon has ended to let it begin`, {
      hint: 'start it again: subctl daemon (systemd does so by itself)',
    });
    asked.abort(new Failure('terminated', says));
  }

  /** Polls once, starts what can be started, and returns how long to sleep. */
  async function poll({ db, address }: DatabaseSession): Promise<number> {
    if (await heartbeat(db, { id, program: build.program })) {
      asked.abort(new Failure('terminated', 'Asked to stop by: subctl daemon --stop'));
      return 0;
    }
    await yieldToOtherBuild(db);
    if (stopping.aborted) return 0;
    await checkDatabaseSession(db, build);
    const now = await clock(db);
    const { timetable } = state.configuration;
    if (performance.now() - state.timetableSyncedAt > timetableSyncMs) {
      await syncTaskStates(db, now, timetable);
      state.timetableSyncedAt = performance.now();
    }
    if (state.outage) reportRecovery();
    const { due, next } = await findClaimableTasks(db, {
      now,
      tasks: timetable.map(({ task }) => task),
      leaseMs,
    });
    for (const one of due) if (!runs.isFull && !runs.tasks.has(one.task)) runs.begin(one, address, now);
    return Math.min(pollMs, next ? next.getTime() - now.getTime() : pollMs);
  }

  function onFinished(task: string, error?: unknown): void {
    if (error === undefined) return wakeSignal.wake(); // it may be due again, and another may have waited for its place
    const kind = refusalOf(error)?.kind ?? 'bug';
    if (kind === 'bug') log.error({ task, err: error }, `${task} failed: a bug in subctl`);
    else log.debug({ task, kind, error: (error as Error).message }, `${task} did not come to its end`);
  }

  /** Reports a failure once and returns how long to wait before the next try. */
  function reportFailure(error: unknown): number {
    const failure = refusalOf(error) ?? new Failure('bug', (error as Error).message, { cause: error });
    if (failure.kind === 'config' && !state.hasConnected) throw failure;
    const facts = failure.kind === 'bug' ? { err: error } : { kind: failure.kind, hint: failure.hint };
    const isNew = failure.message !== state.outage?.message;
    log[!isNew ? 'debug' : failure.kind === 'unavailable' ? 'warn' : 'error'](facts, failure.message);
    if (isNew) notifier.status(failure.message);
    state.outage = failure;
    return Math.min(longestPauseMs, 250 * 2 ** state.tries++) * (0.75 + Math.random() / 2);
  }

  function reportRecovery(): void {
    const status = `At work: ${state.configuration.timetable.length} tasks`;
    if (state.hasConnected) notifier.status(status);
    else notifier.ready(status);
    log.info(
      state.tries > 0 ? { tries: state.tries } : {},
      state.hasConnected ? 'the database is back' : 'at work',
    );
    Object.assign(state, { hasConnected: true, outage: undefined, tries: 0 });
  }

  async function closeSession(): Promise<void> {
    const { session } = state;
    state.session = undefined;
    if (session) await session.close();
  }

  async function stop(): Promise<void> {
    log.info({ reason: (stopping.reason as Error).message, at_work: [...runs.tasks] }, 'stopping');
    notifier.stopping();
    await runs.stop(graceMs);
    if (state.session)
      await withTimeout(unregister(state.session.db, id), { ms: 500 }).catch(() => undefined);
    await closeSession();
    log.info('stopped');
  }
}

interface State {
  /** why it ends: another build is there */
  replaced?: Failure;
  /** what was said of another build that cannot work yet */
  blockedBuild?: string;
  configuration: Configuration;
  session: DatabaseSession | undefined;
  outage: Failure | undefined;
  /** to reach the database, since it was last there */
  tries: number;
  /** it has reached the database once */
  hasConnected: boolean;
  polledAt: number;
  /** when the timetable of the settings was last taken over into the database */
  timetableSyncedAt: number;
}

async function readClock(db: Db): Promise<Date> {
  const [row] = await db<[{ now: Date }]>`select date_trunc('milliseconds', clock_timestamp()) as now`;
  return row.now;
}
