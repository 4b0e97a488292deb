import type { Db } from '../database/connect.ts';
import { Failure } from '../domain/failure.ts';
import { timetable } from '../scheduler/timetable.ts';
import { listDeadLetters } from './list-dead-letters.ts';

/**
 * Makes what a task has parked, of one customer or of all, due for its next try at `now`; the next run takes it. Gives their number.
 * @throws Failure not_found when it has parked nothing, refused for rows that no task of the timetable parked
 */
export async function retryDeadLetters(
  db: Db,
  { task, customer }: { task: string; customer?: string | undefined },
  now: Date,
): Promise<number> {
  if (!timetable.some((entry) => entry.task === task) && (await listDeadLetters(db, { task })).length > 0)
    throw new Failure('refused', `What ${task} parked is not tried again by a task`, {
      hint: `do ${task} again with what is mended, then: subctl parked drop`,
    });
  const rows = await db`
    update subctl.parked set next_try_at = ${now}
     where task = ${task} and (${customer ?? null}::text is null or customer_id = ${customer ?? null})
    returning 1`;
  if (rows.length === 0)
    throw new Failure(
      'not_found',
      `${task} has parked nothing${customer === undefined ? '' : ` of ${customer}`}`,
      {
        hint: 'see: subctl parked list',
      },
    );
  return rows.length;
}
