import type { DueRow } from '../../tasks/task.ts';
import type { Column, RowsOutcome } from '../../terminal/outcome.ts';

export interface Counted {
  task: string;
  asOf: Date;
  done: number;
  skipped: number;
  parked: number;
  rows: readonly DueRow[];
  notes: readonly string[];
  paused?: boolean;
}

const columns: Column[] = [
  { key: 'customer' },
  { key: 'action' },
  { key: 'reason' },
  { key: 'subject', optional: true },
  { key: 'due_at', title: 'due at' },
];

/** The output of every task: one line, and the rows if requested. The fields of --json are fixed. */
export function taskOutcome(counted: Counted, isDryRun: boolean): RowsOutcome {
  const { task, asOf, done, skipped, parked, rows, notes, paused = false } = counted;
  const wouldPark = parked > 0 ? `, would park ${parked}` : '';
  const counts = isDryRun
    ? `would do ${done}${wouldPark}`
    : `${done} done, ${skipped} skipped, ${parked} parked`;
  const line = `${task} as of ${asOf.toISOString()}: ${counts}`;
  const shown = rows.map(({ customer, action, reason, subject, due_at }) => ({
    customer,
    action,
    reason,
    subject,
    due_at,
  }));
  return {
    columns,
    rows: shown,
    ...(shown.length > 0 && { title: line }),
    empty: line,
    json: { task, as_of: asOf, done, skipped, parked, rows: shown },
    notes: [
      ...notes,
      ...(paused ? [`${task} is not on the timetable now (paused or off); it ran because it was named`] : []),
      ...(parked > 0 && !isDryRun ? [`${task} parked ${parked}: subctl parked list --task ${task}`] : []),
    ],
    ...(parked > 0 && !isDryRun && { exit: 'incomplete' as const }),
  };
}
