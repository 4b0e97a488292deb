import type { Db } from '../database/connect.ts';
import { isLate } from './task-states.ts';

/** How a task of the timetable does, by what the database knows: whoever ran it. */
export interface TaskHealth {
  task: string;
  enabled: boolean;
  next_due: Date;
  /** due, enabled, and later than its grace (R43) */
  stale: boolean;
  /** how long the instant that is due has waited; 0 when none is due or the task is paused */
  overdue_seconds: number;
  at_work: boolean;
  last_success: Date | null;
  /** failed runs since the last success */
  failures: number;
  /** of the last run that is over; null when there is none */
  duration_seconds: number | null;
  lateness_seconds: number | null;
  done: number | null;
  skipped: number | null;
  parked: number | null;
  /** rows that wait in `parked` */
  waiting: number;
}

/** What waits in the outbox. */
export interface OutboxHealth {
  unsent: number;
  /** given up after the last try */
  dead: number;
  oldest_seconds: number;
}

/** The tasks `names` as they stand at `now`, by name. One that the database does not know yet is left out. */
export async function readTaskHealth(db: Db, now: Date, names: readonly string[]): Promise<TaskHealth[]> {
  const rows = await db<
    (Omit<TaskHealth, 'stale'> & { cron: string; timezone: string; grace: number | null })[]
  >`
    select j.task, j.enabled and not j.switched_off as enabled, j.next_due, j.cron, j.timezone, j.grace, j.last_success_at as last_success, j.failures,
           coalesce(j.lease_until >= clock_timestamp(), false) as at_work,
           case when j.enabled and not j.switched_off then greatest(0, extract(epoch from ${now}::timestamptz - j.next_due))::float8 else 0 end as overdue_seconds,
           extract(epoch from r.finished_at - r.started_at)::float8 as duration_seconds,
           case when r.started_at is not null then greatest(0, extract(epoch from r.started_at - r.scheduled_for)) end::float8 as lateness_seconds,
           r.done, r.skipped, r.parked,
           (select count(*)::int from subctl.parked p where p.task = j.task) as waiting
      from subctl.jobs j
      left join lateral (select * from subctl.job_runs r where r.task = j.task and r.outcome <> 'running'
                          order by r.started_at desc limit 1) r on true
     where j.task = any(${names as string[]}::text[]) and j.next_due is not null
     order by j.task`;
  return rows.map(({ cron, timezone, grace, ...row }) => ({
    ...row,
    stale: row.enabled && row.next_due < now && isLate({ cron, timezone, grace }, row.next_due, now),
  }));
}

/** The notifications that are not delivered. */
export async function readOutboxHealth(db: Db, now: Date): Promise<OutboxHealth> {
  const [row] = await db<[OutboxHealth]>`
    select count(*) filter (where dead_at is null)::int as unsent,
           count(*) filter (where dead_at is not null)::int as dead,
           coalesce(greatest(0, extract(epoch from ${now}::timestamptz - min(created_at) filter (where dead_at is null))), 0)::float8 as oldest_seconds
      from subctl.notifications
     where sent_at is null`;
  return row;
}
