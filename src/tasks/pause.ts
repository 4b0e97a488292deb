import { type Change, audit } from '../database/change.ts';
import type { Db } from '../database/connect.ts';
import { entryOf } from '../scheduler/timetable.ts';
import { addTaskStates } from './task-states.ts';

/**
 * Switches a task of the timetable off or on. Off, `run-due` and the daemon leave it alone; asked for by name it runs all the same.
 * On again, what was missed is made up as after any other outage (R43).
 * Gives whether anything changed, and when the task is next due.
 */
export async function setEnabled(
  tx: Db,
  change: Change,
  { task, enabled }: { task: string; enabled: boolean },
): Promise<{ task: string; enabled: boolean; changed: boolean; next_due: Date }> {
  entryOf(task);
  await addTaskStates(tx, change.at);
  const [taskState] = await tx<[{ enabled: boolean; next_due: Date }]>`
    select enabled, next_due from subctl.jobs where task = ${task} for update`;
  if (taskState.enabled === enabled) return { task, enabled, changed: false, next_due: taskState.next_due };
  await tx`update subctl.jobs set enabled = ${enabled} where task = ${task}`;
  await audit(tx, change, [{ entity: 'job', key: task, before: { enabled: !enabled }, after: { enabled } }]);
  return { task, enabled, changed: true, next_due: taskState.next_due };
}

/** The tasks that an operator has paused. */
export async function listPaused(db: Db): Promise<string[]> {
  const rows = await db<{ task: string }[]>`select task from subctl.jobs where not enabled order by task`;
  return rows.map(({ task }) => task);
}
