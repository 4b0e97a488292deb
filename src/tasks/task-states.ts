import type { taskStates } from '../database/schema/tasks.ts';
import type { Db } from '../database/connect.ts';
import { graceOf, nextInstant } from '../scheduler/next.ts';
import { type EffectiveEntry, effectiveTimetable } from '../scheduler/effective.ts';
import { type CatchUp, timetable } from '../scheduler/timetable.ts';

/** How long before its instant a run that is asked for by name counts as that instant's. */
export const earlyMs = 5 * 60_000;

/** A task's row in the timetable that the database keeps. */
export interface TaskState extends Pick<
  typeof taskStates.$inferSelect,
  'task' | 'cron' | 'timezone' | 'enabled'
> {
  catchUp: CatchUp;
  nextDue: Date;
}

interface Wanted {
  task: string;
  cron: string;
  timezone: string;
  catch_up: CatchUp;
  grace: number | null;
  switched_off: boolean;
  /** after which its next instant is looked for */
  at: Date;
  /** where `next_due` stood when this was read, to the microsecond; null for a row that there is not */
  stood: string | null;
  next_due: Date;
  /** where `next_due` may stand: the next instant, or the one after those that are due within five minutes, which may have been run */
  allowed: Date[];
}

/**
 * Makes the rows of the timetable that are missing, each due at its first instant after `now`, and leaves the others as they are.
 */
export async function addTaskStates(
  db: Db,
  now: Date,
  entries: readonly EffectiveEntry[] = effectiveTimetable(),
): Promise<void> {
  await insertMissing(db, await wantedAt(db, now, entries));
}

/**
 * Takes the timetable of the settings over into the database: makes the rows that are missing and brings the others up to date. An instant
 * that is due already stays due, whatever the expression is now; one that is to come moves to the first instant after `now` of the new
 * expression or zone. One that a run ahead of its time (`--as-of`) moved on is taken back, so that no such run ever makes a real one
 * fail to appear. But no instant comes back that an effective run has answered for: `now` may be that of the past, or have been read by
 * a process that was stopped since.
 */
export async function syncTaskStates(db: Db, now: Date, entries: readonly EffectiveEntry[]): Promise<void> {
  const wanted = await wantedAt(db, now, entries);
  await insertMissing(db, wanted);
  await db`
    update subctl.jobs j
       set cron = w.cron, timezone = w.timezone, catch_up = w.catch_up, grace = w.grace, switched_off = w.switched_off,
           next_due = case when j.next_due <= w.at or j.next_due = any (w.allowed) and (j.cron, j.timezone) = (w.cron, w.timezone)
                           then j.next_due else w.next_due end
      from ${recordset(db, wanted)}
     where j.task = w.task and j.next_due is not distinct from w.stood
       and ((j.cron, j.timezone, j.catch_up, j.grace, j.switched_off)
              is distinct from (w.cron, w.timezone, w.catch_up, w.grace, w.switched_off)
            or j.next_due is null or (j.next_due > w.at and j.next_due <> all (w.allowed)))`;
}

async function wantedAt(db: Db, now: Date, entries: readonly EffectiveEntry[]): Promise<Wanted[]> {
  const zone = await findTimezone(db);
  const standings = await listStandings(db);
  return entries.map(({ task, cron, timezone = zone, catchUp, grace = null, enabled }) => {
    const schedule = { cron, timezone };
    const { stood = null, answered = null } = standings.find((one) => one.task === task) ?? {};
    const at = answered && answered > now ? answered : now;
    const allowed = [nextInstant(schedule, at)];
    while (allowed.at(-1)!.getTime() <= at.getTime() + earlyMs)
      allowed.push(nextInstant(schedule, allowed.at(-1)!));
    return {
      task,
      cron,
      timezone,
      catch_up: catchUp,
      grace,
      switched_off: !enabled,
      ...{ at, stood },
      next_due: allowed[0]!,
      allowed,
    };
  });
}

/**
 * Where each task stands, and up to when its last effective run has answered for what was due: its own time, but not beyond the
 * moment when it ended, since a run ahead of its time answers for nothing that is to come.
 */
async function listStandings(db: Db) {
  return db<{ task: string; stood: string | null; answered: Date | null }[]>`
    select j.task, j.next_due::text as stood,
           (select least(r.as_of, r.finished_at) from subctl.job_runs r
             where r.task = j.task and r.outcome in ('done', 'incomplete') order by r.started_at desc limit 1) as answered
      from subctl.jobs j`;
}

/** The setting `timezone` of the database: the zone of the timetable where the program's settings say none. */
export async function findTimezone(db: Db): Promise<string> {
  const [row] = await db<[{ timezone: string }]>`
    select coalesce(subctl_internal.setting('timezone'), 'UTC') as timezone`;
  return row.timezone;
}

async function insertMissing(db: Db, wanted: readonly Wanted[]): Promise<void> {
  await db`
    insert into subctl.jobs (task, cron, timezone, catch_up, grace, switched_off, next_due)
    select task, cron, timezone, catch_up, grace, switched_off, next_due from ${recordset(db, wanted)}
    on conflict (task) do nothing`;
}

function recordset(db: Db, wanted: readonly Wanted[]) {
  return db`jsonb_to_recordset(${db.json(wanted as never)})
    as w(task text, cron text, timezone text, catch_up text, grace int, switched_off boolean, at timestamptz, stood timestamptz, next_due timestamptz,
         allowed timestamptz[])`;
}

/** The tasks that the timetable says are due at `now`, the longest waiting first. What is paused or switched off is not. */
export async function listDueTasks(db: Db, now: Date): Promise<TaskState[]> {
  return db<TaskState[]>`
    select task, cron, timezone, enabled, catch_up as "catchUp", next_due as "nextDue"
      from subctl.jobs
     where enabled and not switched_off and next_due <= ${now} and task = any(${timetable.map(({ task }) => task)}::text[])
     order by next_due, task`;
}

/** Whether a run at `now` for the instant `due` is reported as late (R43). */
export function isLate(
  taskState: { cron: string; timezone: string; grace?: number | null | undefined },
  due: Date,
  now: Date,
): boolean {
  return now.getTime() - due.getTime() > graceOf(taskState, due);
}
