import { type Change, audit } from '../database/change.ts';
import type { Db } from '../database/connect.ts';
import type { DeadLetter } from '../database/dead-letters.ts';

/** Takes a parked row away, with what it was in the audit. */
export async function dropDeadLetters(tx: Db, change: Change, row: DeadLetter): Promise<DeadLetter> {
  const { task, customer, id, reason, attempts } = row;
  await tx`delete from subctl.parked where task = ${task} and customer_id = ${customer} and id = ${id}`;
  const before = { reason, attempts };
  await audit(tx, change, [
    { customer, entity: 'parked', key: [task, id].filter(Boolean).join(' '), before, after: null },
  ]);
  return row;
}
