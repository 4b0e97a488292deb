import { type Change, type ChangeRequest, recordChange } from '../database/change.ts';
import type { Connection, Db } from '../database/connect.ts';
import { withoutOwnSession } from '../database/own-session.ts';
import { inTransaction, repeatedly } from '../database/transaction.ts';
import { Failure } from '../domain/failure.ts';
import { type Run, usualLeaseMs } from './claim.ts';
import { transactionName } from './terminate-orphaned-sessions.ts';
import type { PageDone } from './page-task.ts';

/** How a task writes: one transaction a batch, fenced, under the one change of the run. */
export interface FencedWriter {
  /**
   * Runs `work` in a transaction that holds the run's lease: no other run can take it over before the commit, and if one has, nothing
   * is written (R42). 40001 and 40P01 are repeated.
   * @throws Failure conflict when the lease is lost
   */
  write<T>(work: (tx: Db, change: Change) => Promise<T>): Promise<T>;
  /**
   * Runs one statement that holds the run's lease itself, and is a transaction of its own. The first of a run opens the change; where it
   * does nothing there is none.
   * @throws Failure conflict when the lease is lost
   */
  page(work: (db: Db, change: Change, token: string) => Promise<PageDone>): Promise<PageDone>;
  /** Says how far the work is. */
  progress(done: number): void;
  /** True once the run should end: asked between batches, so that the batch in hand is finished. */
  shouldStop(): boolean;
  /** how far it said that the work is */
  readonly done: number;
  /** The run's change once something was written under it. */
  readonly changeId: string | null;
}

export interface FencedWriterOptions {
  change: ChangeRequest;
  signal?: AbortSignal | undefined;
  progress?: ((done: number) => void) | undefined;
  leaseMs?: number | undefined;
}

export function openFencedWriter(
  connection: Connection,
  run: Run,
  { change: request, signal, progress = () => undefined, leaseMs = usualLeaseMs }: FencedWriterOptions,
): FencedWriter {
  const state: { change: Change | null; stop: boolean; done: number } = {
    change: null,
    stop: false,
    done: 0,
  };
  let first: Promise<unknown> | undefined;
  const firstPage = async (work: PageWork): Promise<PageDone> => {
    const opened = await openWithPage(connection, run, { change: request, leaseMs }, work);
    state.change = opened.change;
    return opened.page;
  };
  return {
    async page(work) {
      const { change } = state;
      const page = await (change
        ? repeatedly(() => work(withoutOwnSession(connection), change, run.token))
        : firstPage(work));
      if (page.stop === null) throw lostLease(run.task);
      state.stop ||= page.stop;
      return page;
    },
    async write(work) {
      // of several at once one opens the change, and the others wait for it
      while (!state.change && first) await first.catch(() => undefined);
      const writing = inTransaction(connection, async (tx) => {
        state.stop ||= await assertLease(tx, run, leaseMs);
        const change = state.change ?? (await recordChange(tx, request));
        return [await work(tx, change), change] as const;
      });
      if (!state.change) first = writing;
      try {
        const [result, change] = await writing;
        state.change = change; // only now: what was undone took its change with it
        return result;
      } finally {
        first = undefined;
      }
    },
    progress(done) {
      state.done = done;
      progress(done);
    },
    shouldStop: () => state.stop || signal?.aborted === true,
    get done() {
      return state.done;
    },
    get changeId() {
      return state.change?.id ?? null;
    },
  };
}

type PageWork = Parameters<FencedWriter['page']>[0];

/** Writes the first page of a run together with its change; `change` is null where the page did nothing, and then nothing is written. */
async function openWithPage(
  connection: Connection,
  run: Run,
  { change: request, leaseMs }: { change: ChangeRequest; leaseMs: number },
  work: PageWork,
): Promise<{ page: PageDone; change: Change | null }> {
  try {
    return await inTransaction(connection, async (tx) => {
      await assertLease(tx, run, leaseMs);
      const change = await recordChange(tx, request);
      const page = await work(tx, change, run.token);
      if (page.done === 0 || page.stop === null) throw new NothingDone(page);
      return { page, change };
    });
  } catch (error) {
    if (error instanceof NothingDone) return { page: error.page, change: null };
    throw error;
  }
}

/** A page that did nothing takes its change with it. */
class NothingDone extends Error {
  readonly page: PageDone;
  constructor(page: PageDone) {
    super('nothing done');
    this.page = page;
  }
}

/**
 * `for share`, not `for key share`: only this keeps a take-over, which is an update, waiting until the commit. The transaction bears the
 * name of its run, so that the next holder of the lease can end it (terminate-orphaned-sessions.ts); and one that is idle for a whole lease is ended by the
 * server, or a client that is stopped or cut off between two statements would keep its customers' rows for ever.
 */
async function assertLease(tx: Db, { task, token }: Run, leaseMs: number): Promise<boolean> {
  const [taskState] = await tx<{ stop: boolean }[]>`
    select stop_requested as stop, set_config('application_name', ${transactionName(task, token)}, true),
           set_config('idle_in_transaction_session_timeout', ${`${leaseMs}ms`}, true)
      from subctl.jobs where task = ${task} and lease_token = ${token} for share`;
  if (!taskState) throw lostLease(task);
  return taskState.stop;
}

export function lostLease(task: string): Failure {
  return new Failure(
    'conflict',
    `Another run of ${task} took over: this one was silent for longer than its lease`,
    {
      hint: `see: subctl jobs history ${task}`,
    },
  );
}
