import { limitLockWaits, withShortLockWaits } from '../../database/short-lock-waits.ts';
import type { Connection } from '../../database/connect.ts';
import { inDryRun } from '../../database/dry-run.ts';
import { type SetUp, type SetUpRequest, setUp } from './set-up.ts';

/** Runs setup in one transaction with short lock waits. Rolls back a dry run, and a run without changes. */
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
