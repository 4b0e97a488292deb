import type { Row } from '../database/columns.ts';
import type { Db } from '../database/connect.ts';
import type { jobRuns } from '../database/schema/tasks.ts';

/** A run of the past, or the one at work (`running`). */
export type ListedRun = Pick<
  Row<typeof jobRuns>,
  | 'task'
  | 'scheduled_for'
  | 'sequence'
  | 'as_of'
  | 'started_at'
  | 'finished_at'
  | 'outcome'
  | 'done'
  | 'skipped'
  | 'parked'
  | 'late'
  | 'late_by'
  | 'trigger'
  | 'actor'
  | 'host'
  | 'pid'
  | 'error'
  | 'note'
  | 'change_id'
>;

/** The last `count` runs, the newest first: of one task, or only those that did not do all of their work. */
export async function listRuns(
  db: Db,
  {
    task = null,
    failed = false,
    count,
  }: { task?: string | null | undefined; failed?: boolean; count: number },
): Promise<ListedRun[]> {
  return db<ListedRun[]>`
    select task, scheduled_for, sequence, as_of, started_at, finished_at, outcome, done, skipped, parked, late, late_by, trigger, actor, host, pid, error, note,
           change_id
      from subctl.job_runs
     where (${task}::text is null or task = ${task})
       and (not ${failed} or outcome in ('failed', 'incomplete', 'interrupted', 'lost'))
     order by started_at desc, token desc
     limit ${count}`;
}
