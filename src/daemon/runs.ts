import type { Address } from '../database/address.ts';
import { openPool } from '../database/pool.ts';
import { Failure } from '../domain/failure.ts';
import { type Report, runTask } from '../tasks/run-task.ts';
import type { Services } from '../tasks/services.ts';
import type { Task } from '../tasks/task.ts';
import { loadTask } from '../tasks/tasks.ts';
import type { Watcher } from '../tasks/watcher.ts';
import type { ClaimableTask } from './find-claimable-tasks.ts';

/** What every run of this daemon has in common. */
export interface RunnerOptions {
  /** runs at once; each of another task */
  concurrency: number;
  leaseMs: number;
  actor: string;
  watcher: Watcher;
  /** what tasks reach beside the database, by the settings of the moment */
  services: () => Services;
  /** rows of a page, for tests that break pages in two */
  pageSize?: number | undefined;
  /** told when a run is over, and of the error that it ended with */
  onFinished: (task: string, error?: unknown) => void;
}

/** The runs that are at work. */
export interface Runs {
  readonly tasks: ReadonlySet<string>;
  readonly isFull: boolean;
  /** tasks whose code or services could not be loaded at the last try, and why */
  readonly unloadable: ReadonlyMap<string, string>;
  /** Begins a run that is due at `now`, on connections of its own. */
  begin(due: ClaimableTask, address: Address, now: Date): void;
  /** Lets the batches in hand be finished; after `graceMs` what still waits is cut off, and its lease given back within two seconds. */
  stop(graceMs: number): Promise<void>;
}

/**
 * Keeps runs apart from one another and from the daemon: each has one pool to work with and one connection for its lease, so a run that
 * hangs delays no other run, and a lease that is over ends the run by cutting its connections.
 */
export function openRuns(options: RunnerOptions): Runs {
  return new PooledRuns(options);
}

/** Ways to end a run that does not end by itself: its work, and two seconds later its lease. */
interface Cut {
  work(): void;
  leases(): void;
}

class PooledRuns implements Runs {
  readonly tasks = new Set<string>();
  readonly unloadable = new Map<string, string>();
  readonly #options: RunnerOptions;
  readonly #running = new Map<string, Promise<void>>();
  readonly #cuts = new Map<string, Cut>();
  readonly #stopping = new AbortController();

  constructor(options: RunnerOptions) {
    this.#options = options;
  }

  get isFull(): boolean {
    return this.tasks.size >= this.#options.concurrency;
  }

  begin(due: ClaimableTask, address: Address, now: Date): void {
    const { task } = due;
    this.tasks.add(task);
    const run = this.#startRun(due, address, now).then(
      () => this.#finishRun(task),
      (error: unknown) => this.#finishRun(task, error),
    );
    this.#running.set(task, run);
  }

  async stop(graceMs: number): Promise<void> {
    this.#stopping.abort(new Failure('terminated', 'Terminated'));
    const late = setTimeout(() => this.#cuts.forEach(({ work }) => work()), graceMs);
    const over = setTimeout(() => this.#cuts.forEach(({ leases }) => leases()), graceMs + 2_000);
    await Promise.all(this.#running.values());
    [late, over].forEach(clearTimeout);
  }

  async #startRun({ task }: ClaimableTask, address: Address, now: Date): Promise<Report | undefined> {
    const work = openPool(address);
    const leases = openPool(address, 1);
    const cutting = new AbortController();
    const cut = () => {
      cutting.abort(
        new Failure('unavailable', `${task} was cut off: it had waited for the database for too long`),
      );
      void work.close();
    };
    this.#cuts.set(task, { work: cut, leases: () => void leases.close() });
    const { leaseMs, actor, watcher, pageSize } = this.#options;
    try {
      return await runTask(work.db, {
        ...{ now, mode: 'due', trigger: 'daemon', actor, leaseMs, leases: leases.db, watcher },
        ...{ task: await this.#load(task), ask: { pageSize } },
        ...{ signal: this.#stopping.signal, cut: cutting.signal, onLost: cut },
      });
    } finally {
      await Promise.all([work.close(), leases.close()]);
    }
  }

  async #load(name: string): Promise<Task> {
    try {
      const task = await loadTask(name, this.#options.services());
      this.unloadable.delete(name);
      return task;
    } catch (error) {
      this.unloadable.set(name, (error as Error).message);
      throw error;
    }
  }

  #finishRun(task: string, error?: unknown): void {
    this.tasks.delete(task);
    this.#running.delete(task);
    this.#cuts.delete(task);
    this.#options.onFinished(task, error);
  }
}
