import type { Db } from '../database/connect.ts';

/** The expression that the database keeps for a task (null for one that it does not know) and the zone of the timetable. */
export async function getSchedule(db: Db, task: string): Promise<{ cron: string | null; timezone: string }> {
  const [row] = await db<[{ cron: string | null; timezone: string }]>`
    select j.cron, coalesce(j.timezone, subctl_internal.setting('timezone'), 'UTC') as timezone
      from (select 1) one left join subctl.jobs j on j.task = ${task}`;
  return row;
}
