import type { Db } from '../database/connect.ts';
import { Failure } from '../domain/failure.ts';
import type { DeadLetter } from '../database/dead-letters.ts';

interface Which {
  task?: string | undefined;
  customer?: string | undefined;
  id?: string | undefined;
}

/** Parked rows, those that are tried first before those that wait for a person. */
export async function listDeadLetters(db: Db, { task, customer, id }: Which): Promise<DeadLetter[]> {
  return db<DeadLetter[]>`
    select task, customer_id as customer, id, reason, attempts, first_at, last_at, last_error, next_try_at, payload
      from subctl.parked
     where (${task ?? null}::text is null or task = ${task ?? null})
       and (${customer ?? null}::text is null or customer_id = ${customer ?? null})
       and (${id ?? null}::text is null or id = ${id ?? null})
     order by next_try_at nulls last, task, customer_id, id`;
}

/** @throws Failure not_found, or usage when the customer has several and no id is given */
export async function getDeadLetter(
  db: Db,
  which: Which & { task: string; customer: string },
): Promise<DeadLetter> {
  const rows = await listDeadLetters(db, which);
  const { task, customer } = which;
  if (rows.length > 1)
    throw new Failure('usage', `${task} has parked ${rows.length} rows of ${customer}: say which`, {
      hint: `give its id, one of: ${rows.map(({ id }) => `'${id}'`).join(', ')}`,
    });
  if (rows.length === 0)
    throw new Failure(
      'not_found',
      `${task} has parked nothing of ${customer}${which.id ? ` with the id ${which.id}` : ''}`,
      {
        hint: 'see: subctl parked list',
      },
    );
  return rows[0]!;
}
