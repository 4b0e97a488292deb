import { type Change, recordChange } from '../database/change.ts';
import type { Db } from '../database/connect.ts';
import { inDryRun } from '../database/dry-run.ts';
import type { Context } from './context.ts';

export interface WriteRequest {
  /** the command as typed, without its arguments: `plans edit` */
  action: string;
  /** arguments and options for the audit log, without secrets and personal fields; undefined values are left out */
  asked: Record<string, unknown>;
}

/** The result of a use case; `changed: false` means that there was nothing to do. */
type Done<T> = T & { changed?: boolean };

/**
 * Runs the writes of a command in one transaction under one change (M3, M4), which records actor, reason and input.
 * With --dry-run the same work runs and is rolled back. So is work that returns `changed: false`; it leaves no row in `changes`.
 * Overdue periods are settled first, in batches that are kept (R36). If a signal ends the work early, a note says that nothing was written.
 */
export async function write<T>(
  context: Context,
  { action, asked }: WriteRequest,
  work: (tx: Db, change: Change) => Promise<Done<T>>,
): Promise<T> {
  const connection = await context.database();
  const [now, actor] = [await context.now(), await context.actor()];
  const request = { now, actor, reason: context.reason, action, asked };
  let isDone = false;
  let settled = 0;
  const missed = context.progress('Settling overdue periods, rows');
  try {
    return await inDryRun<Done<T>>(
      connection,
      async (tx) => {
        const done = await work(tx, await recordChange(tx, request));
        isDone = true;
        return done;
      },
      context.dryRun ? 'always' : (done) => done?.changed === false,
      { caughtUp: (rows) => missed.update((settled = rows)) },
    );
  } catch (error) {
    if (context.signal.aborted && !isDone && !context.dryRun)
      context.note(
        `'${action}' wrote nothing${settled > 0 ? ' but settled overdue periods' : ''}: run it again`,
      );
    throw error;
  } finally {
    missed.stop();
  }
}
