import { listDueTasks } from '../../tasks/task-states.ts';
import { runDue, worstOf } from '../../tasks/run-due.ts';
import { effectiveTimetable } from '../../scheduler/effective.ts';
import type { Column, Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { runSettings } from '../tasks/run-settings.ts';
import { verb } from '../verb.ts';

export const command = verb({
  examples: [
    ['subctl run-due', 'what one crontab line runs every minute'],
    ['subctl run-due --dry-run', 'which tasks are due'],
  ],
  exits: [7],
  rows: true,
  asOf: true,
  writes: true,
  onSignal: 'finishes',
}).description(
  'For those who want one crontab line, every minute, in place of one for each task. An instant ' +
    'that was missed is made up, however late, once; a task that another run holds is left to it. ' +
    'With --as-of the timetable is asked for that time.',
);

const columns: Column[] = [
  { key: 'task' },
  { key: 'scheduled_for', title: 'due at' },
  { key: 'outcome' },
  { key: 'done', align: 'right' },
  { key: 'skipped', align: 'right' },
  { key: 'parked', align: 'right' },
  { key: 'error', optional: true },
];

/** Runs what is due. Nothing due is nothing to say. */
export async function run(context: Context): Promise<Outcome> {
  const connection = await context.database();
  const now = await context.now();
  const timetable = effectiveTimetable((await context.settings()).timetable);
  const empty = 'Nothing is due.';
  if (context.dryRun) {
    const rows = (await listDueTasks(connection, now)).map(({ task, nextDue }) => ({
      task,
      scheduled_for: nextDue,
      outcome: 'due',
    }));
    return { columns, rows, empty };
  }
  const progress = context.progress('run-due');
  try {
    const { reason, signal } = context;
    const services = await context.services();
    const request = {
      ...(await runSettings(context)),
      now,
      timetable,
      services,
      actor: await context.actor(),
      reason,
      signal,
      trigger: 'run-due',
    };
    const runs = await runDue(connection, {
      ...request,
      progress: (task, done) => progress.update(done, task),
    });
    const exit = worstOf(runs);
    const notes = runs.flatMap(({ task, error }) => (error ? [`${task}: ${error}`] : []));
    return { columns, notes, rows: runs.map((row) => ({ ...row })), empty, ...(exit && { exit }) };
  } finally {
    progress.stop();
  }
}
