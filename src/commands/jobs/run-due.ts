import { listDueTasks } from '../../tasks/task-states.ts';
import { runDue, worstOf } from '../../tasks/run-due.ts';
import { effectiveTimetable } from '../../scheduler/effective.ts';
import type { Column, Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { runSettings } from '../tasks/run-settings.ts';
import { verb } from '../verb.ts';

export const command = verb({
  examples: [
    ['subctl run-due', 'run this every minute from a crontab'],
    ['subctl run-due --dry-run', 'list the tasks that are due'],
  ],
  exits: [7],
  rows: true,
  asOf: true,
  writes: true,
  onSignal: 'finishes',
}).description(
  'Use it for a single crontab line, every minute, instead of one for each task. A missed run is ' +
    'caught up once, however late. A task that is already running is skipped. With --as-of the ' +
    'timetable is evaluated at that time.',
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

/** Runs the tasks that are due. */
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
