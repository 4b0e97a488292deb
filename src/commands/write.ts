import { type Change, recordChange } from '../database/change.ts';
import type { Db } from '../database/connect.ts';
import { inDryRun } from '../database/dry-run.ts';
import type { Context } from './context.ts';

export interface WriteRequest {
  /** the command as typed, without its arguments: `plans edit` */
  action: string;
  /** arguments and options for the audit, without secrets and personal fields; what is undefined is left out */
  asked: Record<string, unknown>;
}

/** What a use case that may find nothing to do says of itself. */
type Done<T> = T & { changed?: boolean };

/**
 * Does a command's writing in one transaction under one change (M3, M4): actor, reason and what was asked are recorded with it.
 * With --dry-run the same work runs and is undone; so is a change that says `changed: false`, which then leaves no row in `changes`.
 * What was missed for long is settled before, in batches that stay (R36). One that a signal ends before its last statement says that nothing of it was written.
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
  const missed = context.progress('Missed periods are settled first, rows');
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
        `Nothing of '${action}' was written${settled > 0 ? ' but missed periods before it' : ''}: run it again`,
      );
    throw error;
  } finally {
    missed.stop();
  }
}
