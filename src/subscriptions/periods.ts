import type { Db } from '../database/connect.ts';

/** A billing period `[start, end)`; period 0 starts at the anchor, earlier ones have negative numbers. */
export interface Period {
  index: number;
  start: Date;
  end: Date;
}

/** The anchor of periods: an instant, an interval such as `1mo`, and the time zone whose wall clock counts. */
export interface Rhythm {
  anchor: Date;
  every: string;
  timezone: string;
}

/** Lists the first `count` periods from the anchor on (R2). Failure usage where the database does not know the interval or the zone. */
export async function listPeriods(
  db: Db,
  { anchor, every, timezone }: Rhythm,
  count: number,
): Promise<Period[]> {
  return db<Period[]>`
    select k as index, subctl_internal.period_start(${anchor}, ${every}, k, ${timezone}) as start,
           subctl_internal.period_start(${anchor}, ${every}, k + 1, ${timezone}) as "end"
      from generate_series(0, ${count - 1}::int) as k`;
}

/** Finds the period that contains `at`, before the anchor too (R1). Failures as listPeriods. */
export async function findPeriod(db: Db, { anchor, every, timezone }: Rhythm, at: Date): Promise<Period> {
  const [period] = await db<[Period]>`
    select subctl_internal.period_index(${anchor}, ${every}, ${at}, ${timezone}) as index, lower(b) as start, upper(b) as "end"
      from subctl_internal.period_at(${anchor}, ${every}, ${at}, ${timezone}) as b`;
  return period;
}
