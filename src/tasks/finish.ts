import type { Connection } from '../database/connect.ts';
import { nextInstant } from '../scheduler/next.ts';
import type { Run } from './claim.ts';
import { isLate } from './task-states.ts';
import { lostLease } from './fenced-writer.ts';

export interface Ending {
  outcome: 'done' | 'incomplete' | 'failed' | 'interrupted';
  done: number;
  skipped: number;
  parked: number;
  error?: string | undefined;
  note?: string | undefined;
  changeId: string | null;
}

/**
 * Writes how a run ended, gives the lease back and, where the run stands for the due instant and has done its work, moves the timetable
 * on: past all that was missed, or for `all` by one instant. A run that failed or was stopped leaves its instant due.
 * @throws Failure conflict when the lease was lost, or the end was written before (its answer may be what was lost); nothing is written then
 */
export async function finishRun(connection: Connection, run: Run, now: Date, ending: Ending): Promise<void> {
  const { outcome, done, skipped, parked, error = null, note = null, changeId } = ending;
  const result = outcome === 'done' || outcome === 'incomplete';
  const moves = run.isDue && result;
  const after = run.catchUp === 'all' || run.scheduledFor > now ? run.scheduledFor : now;
  const nextDue = moves ? nextInstant(run, after) : null;
  const late = run.isDue && isLate(run, run.scheduledFor, now);
  const lateBy = run.isDue
    ? Math.max(0, Math.round((now.getTime() - run.scheduledFor.getTime()) / 1_000))
    : null;
  const rows = await connection`
    with job as (
      update subctl.jobs j
         set lease_owner = null, lease_until = null, leased_for = null, stop_requested = false,
             next_due = case when ${moves} and j.next_due = j.leased_for then ${nextDue} else j.next_due end,
             last_finished_at = clock_timestamp(),
             last_success_at = case when ${result} then clock_timestamp() else j.last_success_at end,
             failures = case when ${result} then 0 else j.failures + ${outcome === 'failed' ? 1 : 0}::int end
       where j.task = ${run.task} and j.lease_token = ${run.token} and j.lease_owner is not null
      returning j.task
    )
    update subctl.job_runs r
       set outcome = ${outcome}, finished_at = clock_timestamp(), done = ${done}, skipped = ${skipped}, parked = ${parked},
           late = ${late}, late_by = ${lateBy}, error = ${error}, note = ${note}, change_id = ${changeId}
      from job
     where r.task = job.task and r.scheduled_for = ${run.scheduledFor} and r.sequence = ${run.sequence}
    returning 1 as finished`;
  if (rows.length === 0) throw lostLease(run.task);
}
