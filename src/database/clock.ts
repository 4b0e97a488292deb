import type { Db } from './connect.ts';

/** The clock of the server, in whole milliseconds as instants have them; within a transaction it goes on. */
export async function readClock(db: Db): Promise<Date> {
  const [row] = await db<[{ now: Date }]>`select date_trunc('milliseconds', clock_timestamp()) as now`;
  return row.now;
}
