import { withTimeout } from '../database/timeout.ts';
import type { Build } from '../database/bundled-sql.ts';
import { readClock } from '../database/clock.ts';
import type { Db } from '../database/connect.ts';
import { refusalOf } from '../database/refusals.ts';
import { Failure } from '../domain/failure.ts';
import { syncTaskStates } from '../tasks/task-states.ts';
import { type WakeSignal, openWakeSignal } from './wake-signal.ts';
import { Connectivity } from './connectivity.ts';
import { type RunnerOptions, type Runs, openRuns } from './runs.ts';
import { checkDatabaseSession, type DatabaseSession, openDatabaseSession } from './database-session.ts';
import type { Log } from './log.ts';
import { findClaimableTasks } from './find-claimable-tasks.ts';
import type { Notifier } from './notify.ts';
import type { ProgramFiles } from './other-build.ts';
import { heartbeat, unregister } from './registry.ts';
import type { Configuration, RunningDaemon } from './running-daemon.ts';
import { Successor } from './successor.ts';

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
  return new Daemon(request);
}

class Daemon implements RunningDaemon {
  readonly ended: Promise<void>;
  readonly clock: (db: Db) => Promise<Date>;
  readonly #request: DaemonRequest;
  readonly #runs: Runs;
  readonly #wakeSignal: WakeSignal;
  /** aborted by its row in the database, and for another build */
  readonly #asked = new AbortController();
  readonly #stopping: AbortSignal;
  readonly #connectivity: Connectivity;
  readonly #successor: Successor;
  #configuration: Configuration;
  #session: DatabaseSession | undefined;
  #polledAt = performance.now();
  /** when the timetable of the settings was last taken over into the database */
  #timetableSyncedAt = -Infinity;

  constructor(request: DaemonRequest) {
    const { log, notifier, build, files } = request;
    this.#request = request;
    this.#configuration = request.configuration;
    this.#stopping = AbortSignal.any([request.signal, this.#asked.signal]);
    this.#wakeSignal = openWakeSignal(this.#stopping);
    this.#runs = openRuns({ ...request, onFinished: (task, error) => this.#onFinished(task, error) });
    this.#connectivity = new Connectivity(log, notifier);
    this.#successor = new Successor({ build, files, log });
    this.clock = request.clock ?? readClock;
    this.ended = this.#loop();
  }

  get session(): DatabaseSession | undefined {
    return this.#session;
  }

  get outage(): Failure | undefined {
    return this.#connectivity.outage;
  }

  get tasks(): readonly string[] {
    return this.#configuration.timetable.map(({ task }) => task);
  }

  get unloadable(): ReadonlyMap<string, string> {
    return this.#runs.unloadable;
  }

  isAlive(): boolean {
    return performance.now() - this.#polledAt < stalledMs;
  }

  reconfigure(next: Configuration): void {
    const moved = JSON.stringify(next.database) !== JSON.stringify(this.#configuration.database);
    this.#configuration = next;
    this.#timetableSyncedAt = -Infinity;
    if (moved) void this.#closeSession();
    this.#wakeSignal.wake();
  }

  async #loop(): Promise<void> {
    const signal = this.#stopping;
    while (!signal.aborted) {
      this.#polledAt = performance.now();
      try {
        this.#session ??= await withTimeout(this.#open(), { ms: 120_000, signal });
        await this.#wakeSignal.wait(await withTimeout(this.#poll(this.#session), { signal }));
      } catch (error) {
        if (signal.aborted) break;
        await this.#closeSession();
        await this.#wakeSignal.wait(this.#connectivity.reportFailure(error));
      }
    }
    await this.#stop();
    if (this.#successor.reason && !this.#request.signal.aborted) throw this.#successor.reason;
  }

  async #open(): Promise<DatabaseSession> {
    const { database } = this.#configuration;
    const signal = this.#stopping;
    const session = await openDatabaseSession(database, this.#request.build, signal).catch(
      async (error: unknown) => {
        const other = refusalOf(error)?.kind === 'config' && this.#successor.find();
        if (!other) throw error;
        const theirs = await openDatabaseSession(database, other, signal).catch(() => Promise.reject(error));
        this.#asked.abort(this.#successor.stopFor(other));
        return theirs;
      },
    );
    if (signal.aborted) await session.close();
    return session;
  }

  /** Polls once, starts what can be started, and returns how long to sleep. */
  async #poll({ db, address }: DatabaseSession): Promise<number> {
    const { id, build, leaseMs, pollMs = 5_000 } = this.#request;
    if (await heartbeat(db, { id, program: build.program })) {
      this.#asked.abort(new Failure('terminated', 'Asked to stop by: subctl daemon --stop'));
      return 0;
    }
    const end = await this.#successor.check(db);
    if (end) this.#asked.abort(end);
    if (this.#stopping.aborted) return 0;
    await checkDatabaseSession(db, build);
    const now = await this.clock(db);
    await this.#syncTimetable(db, now);
    this.#connectivity.reportRecovery(this.tasks.length);
    const { due, next } = await findClaimableTasks(db, { now, tasks: this.tasks, leaseMs });
    for (const one of due)
      if (!this.#runs.isFull && !this.#runs.tasks.has(one.task)) this.#runs.begin(one, address, now);
    return Math.min(pollMs, next ? next.getTime() - now.getTime() : pollMs);
  }

  /** Writes the timetable of the settings into the database: at first, after each change of them, and once a minute. */
  async #syncTimetable(db: Db, now: Date): Promise<void> {
    if (performance.now() - this.#timetableSyncedAt <= timetableSyncMs) return;
    await syncTaskStates(db, now, this.#configuration.timetable);
    this.#timetableSyncedAt = performance.now();
  }

  #onFinished(task: string, error?: unknown): void {
    if (error === undefined) return this.#wakeSignal.wake(); // it may be due again, and another may have waited for its place
    const { log } = this.#request;
    const kind = refusalOf(error)?.kind ?? 'bug';
    if (kind === 'bug') log.error({ task, err: error }, `${task} failed: a bug in subctl`);
    else log.debug({ task, kind, error: (error as Error).message }, `${task} did not come to its end`);
  }

  async #closeSession(): Promise<void> {
    const session = this.#session;
    this.#session = undefined;
    if (session) await session.close();
  }

  async #stop(): Promise<void> {
    const { log, notifier, id, graceMs = 6_000 } = this.#request;
    const reason = (this.#stopping.reason as Error).message;
    log.info({ reason, at_work: [...this.#runs.tasks] }, 'stopping');
    notifier.stopping();
    await this.#runs.stop(graceMs);
    if (this.#session)
      await withTimeout(unregister(this.#session.db, id), { ms: 500 }).catch(() => undefined);
    await this.#closeSession();
    log.info('stopped');
  }
}
