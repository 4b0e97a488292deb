import type { Db } from '../database/connect.ts';
import { Failure } from '../domain/failure.ts';

/** From `from` to before `to` (R1); `timezone` is the zone in which people read the bounds (T11). */
export interface Span {
  from: Date;
  to: Date;
  timezone: string;
}

/**
 * The span of a report: `from` is the start of the calendar month of `to` in `timezone` unless said, `to` is `now`
 * and `timezone` that of the settings unless said.
 * @throws Failure usage when it ends before it starts
 */
export async function findSpan(
  db: Db,
  asked: { from?: Date | undefined; to?: Date | undefined; now: Date; timezone?: string | undefined },
): Promise<Span> {
  const to = asked.to ?? asked.now;
  const [row] = await db<{ from: Date; timezone: string }[]>`
    select z.timezone, subctl.local_first(date_trunc('month', ${to}::timestamptz at time zone z.timezone), z.timezone) as from
      from (select coalesce(${asked.timezone ?? null}, subctl.setting('timezone'), 'UTC') as timezone) z`;
  const from = asked.from ?? row!.from;
  if (from >= to && asked.from)
    throw new Failure('usage', `The span from ${from.toISOString()} to ${to.toISOString()} is empty`, {
      hint: 'Give a --from that is before --to; --to is now unless said',
    });
  return { from, to, timezone: row!.timezone };
}
