import type { Db } from '../database/connect.ts';
import { nextInstant } from '../timetable/next.ts';
import { timetable } from '../timetable/timetable.ts';
import { isLate } from './jobs.ts';

/** A task of the timetable with its last run and whoever is at work. */
export interface ListedJob {
  task: string;
  cron: string;
  timezone: string;
  next_due: Date;
  enabled: boolean;
  /** due, and later than its grace */
  late: boolean;
  last_run: Date | null;
  outcome: string | null;
  done: number | null;
  parked: number | null;
  last_success: Date | null;
  failures: number;
  /** rows that wait in `parked` */
  waiting: number;
  holder: string | null;
  summary: string;
}

type Row = Omit<ListedJob, 'late' | 'summary'>;

/** The timetable as the database keeps it at `now`, in the order of the timetable. A task that it does not know yet is due as the timetable says. */
export async function listJobs(db: Db, now: Date): Promise<ListedJob[]> {
  const rows = await db<Row[]>`
    select j.task, j.cron, j.timezone, j.next_due, j.enabled, r.started_at as last_run, r.outcome, r.done, r.parked,
           j.last_success_at as last_success, j.failures,
           (select count(*)::int from subctl.parked p where p.task = j.task) as waiting,
           case when j.lease_until >= clock_timestamp() then j.lease_owner end as holder
      from subctl.jobs j
      left join lateral (select * from subctl.job_runs r where r.task = j.task order by r.started_at desc limit 1) r on true`;
  const [zone] = await db<
    [{ timezone: string }]
  >`select coalesce(subctl.setting('timezone'), 'UTC') as timezone`;
  return timetable.map(({ task, cron, summary }) => {
    const row = rows.find((found) => found.task === task);
    if (row) {
      return { ...row, late: row.enabled && row.next_due < now && isLate(row, row.next_due, now), summary };
    }
    const schedule = { cron, timezone: zone.timezone };
    return { ...unknown, task, ...schedule, next_due: nextInstant(schedule, now), summary };
  });
}

const unknown = {
  enabled: true,
  late: false,
  last_run: null,
  outcome: null,
  done: null,
  parked: null,
  last_success: null,
  failures: 0,
  waiting: 0,
  holder: null,
};
