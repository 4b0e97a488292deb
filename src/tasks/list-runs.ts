import type { Db } from '../database/connect.ts';

/** A run of the past, or the one at work (`running`). */
export interface ListedRun {
  task: string;
  scheduled_for: Date;
  sequence: number;
  as_of: Date;
  started_at: Date;
  finished_at: Date | null;
  outcome: string;
  done: number;
  skipped: number;
  parked: number;
  late: boolean;
  /** how many seconds after its instant it was made; null for an extra run */
  late_by: number | null;
  trigger: string;
  actor: string;
  host: string;
  pid: number;
  error: string | null;
  note: string | null;
  change_id: string | null;
}

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
