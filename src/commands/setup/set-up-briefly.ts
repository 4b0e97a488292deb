import { limitLockWaits, withShortLockWaits } from '../../database/short-lock-waits.ts';
import type { Connection } from '../../database/connect.ts';
import { inDryRun } from '../../database/dry-run.ts';
import { type SetUp, type SetUpRequest, setUp } from './set-up.ts';

/** Sets up in one transaction that keeps nobody waiting for long; a dry run, and one that found nothing to do, is undone. */
export function setUpBriefly(connection: Connection, request: SetUpRequest, dryRun: boolean): Promise<SetUp> {
  const work = () =>
    inDryRun(
      connection,
      async (tx) => {
        await limitLockWaits(tx);
        return setUp(tx, request);
      },
      ({ changed }) => dryRun || !changed,
    );
  return withShortLockWaits(connection, work);
}
