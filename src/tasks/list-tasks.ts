import type { Db } from '../database/connect.ts';
import type { EffectiveEntry } from '../scheduler/effective.ts';
import { nextInstant } from '../scheduler/next.ts';
import type { CatchUp } from '../scheduler/timetable.ts';
import { findTimezone, isLate } from './task-states.ts';

/** A task of the timetable: its place as the database keeps it, its last run, whoever is at work, and why it may not run. */
export interface ListedTask {
  task: string;
  cron: string;
  timezone: string;
  next_due: Date;
  /** false: paused by an operator */
  enabled: boolean;
  /** `off` is said by the settings */
  state: 'on' | 'paused' | 'off';
  catch_up: CatchUp;
  /** in seconds, where the settings give it */
  grace: number | null;
  /** due, and later than its grace */
  late: boolean;
  /** seconds since it is due; null when it is not */
  late_by: number | null;
  last_run: Date | null;
  outcome: string | null;
  done: number | null;
  parked: number | null;
  /** who ran it last, where, and by what: command, run-due, daemon … */
  last_actor: string | null;
  last_host: string | null;
  last_trigger: string | null;
  /** how many seconds after its instant; null for an extra run */
  last_late_by: number | null;
  last_error: string | null;
  last_success: Date | null;
  failures: number;
  /** rows that wait in `parked` */
  waiting: number;
  holder: string | null;
  /** who paused it, when and why */
  paused_by: string | null;
  paused_at: Date | null;
  paused_reason: string | null;
  /** where the settings here say each thing: `default`, a variable, a file */
  from: Readonly<Record<string, string>>;
  /** what the settings here say otherwise than the database, which takes them over at the next run-due, daemon, setup or install */
  differs: string[];
  summary: string;
}

type Row = Omit<ListedTask, 'late' | 'late_by' | 'summary' | 'state' | 'from' | 'differs'> & {
  switched_off: boolean;
};

/** The timetable as the database keeps it at `now`, in its own order; a task that it does not know yet has the place that the settings give. */
export async function listTasks(
  db: Db,
  now: Date,
  entries: readonly EffectiveEntry[],
): Promise<ListedTask[]> {
  const rows = await db<Row[]>`
    select j.task, j.cron, j.timezone, j.next_due, j.enabled, j.switched_off, j.catch_up, j.grace, r.started_at as last_run, r.outcome,
           r.done, r.parked, r.actor as last_actor, r.host as last_host, r.trigger as last_trigger, r.late_by as last_late_by,
           r.error as last_error, j.last_success_at as last_success, j.failures,
           (select count(*)::int from subctl.parked p where p.task = j.task) as waiting,
           case when j.lease_until >= clock_timestamp() then j.lease_owner end as holder,
           p.actor as paused_by, p.at as paused_at, p.reason as paused_reason
      from subctl.jobs j
      left join lateral (select * from subctl.job_runs r where r.task = j.task order by r.started_at desc limit 1) r on true
      left join lateral (select c.actor, c.at, c.reason from subctl.audit_log a join subctl.changes c on c.id = a.change_id
                          where not j.enabled and a.customer_id = '' and a.entity = 'job' and a.entity_key = j.task
                          order by c.at desc limit 1) p on true`;
  const zone = await findTimezone(db);
  return entries.map((entry) => {
    const { task, cron, timezone = zone, summary, from } = entry;
    const row = rows.find((found) => found.task === task);
    if (row) return { ...placed(row, now), from, differs: differences(row, { ...entry, timezone }), summary };
    const { enabled, catchUp: catch_up, grace = null } = entry;
    const place = { task, cron, timezone, catch_up, grace, next_due: nextInstant({ cron, timezone }, now) };
    return { ...neverRun, ...place, state: enabled ? 'on' : 'off', from, differs: [], summary };
  });
}

function placed({ switched_off, ...row }: Row, now: Date) {
  const own = row.enabled ? 'on' : 'paused';
  const state: ListedTask['state'] = switched_off ? 'off' : own;
  const isDue = state === 'on' && row.next_due <= now;
  return {
    ...row,
    state,
    late: isDue && isLate(row, row.next_due, now),
    late_by: isDue ? Math.floor((now.getTime() - row.next_due.getTime()) / 1_000) : null,
  };
}

function differences(row: Row, entry: EffectiveEntry & { timezone: string }): string[] {
  const { cron, timezone, enabled, catchUp, grace = null } = entry;
  const pairs = {
    cron: [row.cron, cron],
    enabled: [!row.switched_off, enabled],
    timezone: [row.timezone, timezone],
    catch_up: [row.catch_up, catchUp],
    grace: [row.grace, grace],
  };
  return Object.entries(pairs).flatMap(([field, [kept, said]]) => (kept === said ? [] : [field]));
}

const neverRun = {
  enabled: true,
  late: false,
  late_by: null,
  last_run: null,
  outcome: null,
  done: null,
  parked: null,
  last_actor: null,
  last_host: null,
  last_trigger: null,
  last_late_by: null,
  last_error: null,
  last_success: null,
  failures: 0,
  waiting: 0,
  holder: null,
  paused_by: null,
  paused_at: null,
  paused_reason: null,
};
