import type { Answer } from '../usage/use.ts';
import type { DatabaseSession } from './database-session.ts';
import { type Event, recordMany } from './record-many.ts';

/**
 * The answer to a use whose key is known with other arguments, where only what we have added differs: the time of this host, and that it had happened.
 * An application that sends a use again after a crash supplies the same (R15), and is given the first answer. Undefined where more differs.
 */
export async function recordAgain(database: DatabaseSession, event: Event): Promise<Answer | undefined> {
  const [row] = await database.ask(
    (db) => db<{ at: string }[]>`
      select subctl_internal.iso(event_at) as at from subctl.usage_keys where customer_id = ${event.customer} and key = ${event.key}`,
  );
  if (!row) return undefined;
  const times = [row.at, undefined, event['at']];
  const variants = times.flatMap((at) =>
    [true, false].map((already_spent) => ({ ...event, at, already_spent })),
  );
  for (const variant of variants) {
    const [outcome] = await recordMany(database, [variant]); // the key exists: nothing can be recorded a second time
    if ('answer' in outcome! && outcome!.answer.replayed) return outcome!.answer;
  }
  return undefined;
}
