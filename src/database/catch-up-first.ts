import { CatchUpRequired, isDryRun, type CaughtUpPart } from './catch-up-required.ts';
import { type Change, recordChange } from './change.ts';
import type { Db } from './connect.ts';
import { inTransaction } from './transaction.ts';

/** How many rows a transaction writes of what was missed, about; null is all. */
type Most = number | null;

const most = 500;

/**
 * Writes what was missed before a change, in the caller's transaction. Where that is more than a batch takes, none of it is written there:
 * the caller's transaction is undone, batches are written under a change of their own, each in a transaction, and it begins again. So no
 * customer is held for longer than a batch takes, and what is done stays done (R36). A dry run writes all of it, and undoes it.
 * @throws Behind where batches come first
 */
export async function catchUpFirst(
  tx: Db,
  change: Change,
  part: (tx: Db, change: Change, most: Most) => Promise<CaughtUpPart>,
): Promise<void> {
  const { more } = await part(tx, change, (await isDryRun(tx)) ? null : most);
  if (!more) return;
  throw new CatchUpRequired(async (connection, progress) => {
    let own: Change | undefined;
    for (let [done, left] = [0, true]; left; progress(done)) {
      const settled = await inTransaction(connection, async (inner) => {
        const under =
          own ??
          (await recordChange(inner, { ...change, now: change.at, action: 'settle', reason: undefined }));
        return { under, ...(await part(inner, under, most)) };
      });
      own = settled.under;
      done += settled.done;
      left = settled.more && settled.done > 0;
    }
  });
}
