import type { Connection, Db } from './connect.ts';

/** What a transaction did of what was missed, and whether more is left. */
export interface CaughtUpPart {
  done: number;
  more: boolean;
}

/** Does a part of what was missed in a transaction. */
export type CatchUpPart = (tx: Db) => Promise<CaughtUpPart>;

/**
 * So much was missed before what a transaction is to do that it is settled first, in transactions of its own. Whoever runs the transaction
 * (inTransaction) undoes it, catches up and begins it again.
 */
export class CatchUpRequired extends Error {
  /** Settles it, and says after each part how many rows are written. */
  readonly catchUp: (connection: Connection, progress: (done: number) => void) => Promise<void>;

  constructor(catchUp: CatchUpRequired['catchUp']) {
    super('What was missed is settled first, in batches');
    this.catchUp = catchUp;
  }
}

const dryRunSetting = 'subctl.rehearsal';

/** Says in a transaction that all of it will be undone: what was missed is settled in it, whole, for nothing may stay. */
export async function markDryRun(tx: Db): Promise<void> {
  await tx`select set_config(${dryRunSetting}, 'on', true)`;
}

/** Whether the transaction is one of markDryRun. */
export async function isDryRun(tx: Db): Promise<boolean> {
  const [row] = await tx<[{ rehearsal: boolean }]>`
    select coalesce(current_setting(${dryRunSetting}, true) = 'on', false) as rehearsal`;
  return row.rehearsal;
}
