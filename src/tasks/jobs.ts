import type { Db } from '../database/connect.ts';
import { graceOf, nextInstant } from '../timetable/next.ts';
import { type CatchUp, type Entry, timetable } from '../timetable/timetable.ts';

/** How long before its instant a run that is asked for by name counts as that instant's. */
export const earlyMs = 5 * 60_000;

/** A task's row in the timetable that the database keeps. */
export interface Job {
  task: string;
  cron: string;
  timezone: string;
  enabled: boolean;
  catchUp: CatchUp;
  nextDue: Date;
}

/**
 * Makes the rows of the timetable that are missing, each due at its first instant after `now`, and brings the others up to date with
 * their expression and the setting `timezone`. An instant that is due already stays due. One that a run ahead of its time (`--as-of`)
 * moved beyond the next instant is taken back, so that no such run ever makes a real one fail to appear.
 */
export async function ensureJobs(db: Db, now: Date, entries: readonly Entry[] = timetable): Promise<void> {
  const [zone] = await db<
    { timezone: string }[]
  >`select coalesce(subctl.setting('timezone'), 'UTC') as timezone`;
  const timezone = zone!.timezone;
  const wanted = entries.map(({ task, cron, catchUp }) => ({
    task,
    cron,
    timezone,
    catch_up: catchUp,
    next_due: nextInstant({ cron, timezone }, now),
    latest: nextInstant({ cron, timezone }, new Date(now.getTime() + earlyMs)),
  }));
  await db`
    with wanted as (
      select * from jsonb_to_recordset(${db.json(wanted as never)})
        as w(task text, cron text, timezone text, catch_up text, next_due timestamptz, latest timestamptz)
    ), made as (
      insert into subctl.jobs (task, cron, timezone, catch_up, next_due)
      select task, cron, timezone, catch_up, next_due from wanted
      on conflict (task) do nothing
    )
    update subctl.jobs j
       set cron = w.cron, timezone = w.timezone, catch_up = w.catch_up,
           next_due = case when j.next_due <= ${now} then j.next_due else w.next_due end
      from wanted w
     where j.task = w.task
       and ((j.cron, j.timezone, j.catch_up) is distinct from (w.cron, w.timezone, w.catch_up)
            or j.next_due is null or j.next_due > w.latest)`;
}

/** The tasks that the timetable says are due at `now`, the longest waiting first. Paused ones are not. */
export async function listDueJobs(db: Db, now: Date): Promise<Job[]> {
  return db<Job[]>`
    select task, cron, timezone, enabled, catch_up as "catchUp", next_due as "nextDue"
      from subctl.jobs
     where enabled and next_due <= ${now} and task = any(${timetable.map(({ task }) => task)}::text[])
     order by next_due, task`;
}

/** Whether a run at `now` for the instant `due` is reported as late (R43). */
export function isLate(job: { cron: string; timezone: string }, due: Date, now: Date): boolean {
  return now.getTime() - due.getTime() > graceOf(job, due);
}
