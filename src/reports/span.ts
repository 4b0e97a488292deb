import type { Db } from '../database/connect.ts';
import { Failure } from '../domain/failure.ts';

/** From `from` (included) to `to` (excluded) (R1); `timezone` is the zone in which people read the bounds. */
export interface Span {
  from: Date;
  to: Date;
  timezone: string;
}

/**
 * Reads the span of a report: `from` defaults to the start of the calendar month of `to` in `timezone`, `to` to `now` and `timezone` to
 * that of the settings.
 * @throws Failure usage when it ends before it starts
 */
export async function findSpan(
  db: Db,
  asked: { from?: Date | undefined; to?: Date | undefined; now: Date; timezone?: string | undefined },
): Promise<Span> {
  const to = asked.to ?? asked.now;
  const [row] = await db<{ from: Date; timezone: string }[]>`
    select z.timezone, subctl_internal.local_first(date_trunc('month', ${to}::timestamptz at time zone z.timezone), z.timezone) as from
      from (select coalesce(${asked.timezone ?? null}, subctl_internal.setting('timezone'), 'UTC') as timezone) z`;
  const from = asked.from ?? row!.from;
  if (from >= to && asked.from)
    throw new Failure('usage', `The span from ${from.toISOString()} to ${to.toISOString()} is empty`, {
      hint: 'Give a --from before --to, which defaults to now',
    });
  return { from, to, timezone: row!.timezone };
}
