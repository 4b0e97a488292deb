import type { Row } from './columns.ts';
import type { Db } from './connect.ts';
import { refusalOf } from './refusals.ts';
import type { parked } from './schema/tasks.ts';
import { serverErrorOf, sqlStateOf } from './server-error.ts';

/** A row that a task or an import could not do (R41). `id` is '' when it is the whole customer. */
export interface DeadLetter extends Pick<
  Row<typeof parked>,
  'task' | 'id' | 'reason' | 'attempts' | 'first_at' | 'last_at' | 'last_error' | 'next_try_at' | 'payload'
> {
  customer: string;
}

/** The pauses before the next tries, in minutes. After the last the row waits for `parked retry`. */
const pauses = [15, 60, 240, 960, 1_440, 1_440, 1_440];

/** Parks a row, or notes one more attempt. `reason` is the kind of failure, the sentence is the error's own. */
export async function addDeadLetter(
  db: Db,
  { task, customer, id = '', payload }: { task: string; customer: string; id?: string; payload: unknown },
  error: unknown,
  now: Date,
): Promise<void> {
  await db`
    insert into subctl.parked as p (task, customer_id, id, reason, attempts, first_at, last_at, last_error, next_try_at, payload)
    values (${task}, ${customer}, ${id}, ${kindOf(error)}, 1, ${now}, ${now}, ${sentenceOf(error)}, ${now}::timestamptz + interval '15 minutes',
            ${db.json(payload as never)})
    on conflict (task, customer_id, id) do update
       set reason = excluded.reason, attempts = p.attempts + 1, last_at = excluded.last_at, last_error = excluded.last_error,
           payload = excluded.payload,
           next_try_at = excluded.last_at + make_interval(mins => (${pauses}::int[])[p.attempts + 1])`;
}

/** Takes away what was parked of these customers by this task: they were done. */
export async function removeDeadLetters(db: Db, task: string, customers: readonly string[]): Promise<void> {
  await db`delete from subctl.parked where task = ${task} and customer_id = any(${customers as string[]}::text[]) and id = ''`;
}

/** Takes away one row that was parked under an id of its own. */
export async function removeDeadLetter(
  db: Db,
  { task, customer, id }: { task: string; customer: string; id: string },
): Promise<void> {
  await db`delete from subctl.parked where task = ${task} and customer_id = ${customer} and id = ${id}`;
}

function kindOf(error: unknown): string {
  return refusalOf(error)?.kind ?? serverErrorOf(error)?.code ?? 'bug';
}

/** What is told of a row that failed. */
export function sentenceOf(error: unknown): string {
  const found = serverErrorOf(error);
  const sentence = refusalOf(error)?.message ?? found?.message ?? (error as Error).message;
  return found && !found.code.startsWith('SB')
    ? `${sentence} (${[found.code, found.constraint].filter(Boolean).join(', ')})`
    : sentence;
}

/**
 * Whether an error comes from what a row holds, so that others may still succeed: the server's classes of data (22), constraints (23),
 * cardinality (21), limits (54), and what functions raise (P0, SB). A lost connection, a missing function or privilege is everybody's.
 */
export function isOfTheData(error: unknown): boolean {
  const state = sqlStateOf(error) ?? '';
  return /^(21|22|23|2F|39|44|54|P0|SB)/.test(state) && !/^SB00[56]$/.test(state);
}
