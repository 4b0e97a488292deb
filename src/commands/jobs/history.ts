import { listRuns } from '../../tasks/list-runs.ts';
import { entryOf } from '../../scheduler/timetable.ts';
import type { Column, Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { roughly } from './reasons.ts';
import { type Options, verb } from '../verb.ts';
import { integer } from '../readers.ts';

export const command = verb({
  examples: [
    ['subctl jobs history', 'the latest runs of all tasks'],
    ['subctl jobs history reset-credits --failed --json', 'the failed runs of one task, as JSON'],
  ],
  rows: 'list',
})
  .argument('[task]', 'name of the task, from subctl jobs list')
  .option('--failed', 'only runs that failed, were stopped or lost, or parked rows', false)
  .option('--limit <number>', 'maximum number of runs', integer({ min: 1, max: 100_000 }), 20);

const columns: Column[] = [
  { key: 'started_at', title: 'started' },
  { key: 'task' },
  { key: 'scheduled_for', title: 'scheduled for', optional: true },
  { key: 'sequence', hidden: true },
  { key: 'as_of', hidden: true },
  { key: 'outcome', show: (value, row) => `${String(value)}${row['late'] ? lateness(row['late_by']) : ''}` },
  { key: 'done', align: 'right' },
  { key: 'skipped', align: 'right', optional: true },
  { key: 'parked', align: 'right' },
  { key: 'late', hidden: true },
  { key: 'late_by', hidden: true },
  { key: 'finished_at', hidden: true },
  { key: 'trigger', hidden: true },
  { key: 'actor', optional: true },
  { key: 'host', optional: true },
  { key: 'pid', hidden: true },
  { key: 'error', optional: true },
  { key: 'note', optional: true },
  { key: 'change_id', hidden: true },
];

/** Lists past runs, newest first. */
export async function run(
  context: Context,
  task: string | undefined,
  options: Options<typeof command>,
): Promise<Outcome> {
  const input = { task, ...options };
  if (input.task !== undefined) entryOf(input.task);
  const rows = await listRuns(await context.database(), { ...input, count: input.limit });
  return { columns, rows: rows.map((row) => ({ ...row })), empty: 'No runs yet.' };
}

/** The delay, rounded. */
function lateness(seconds: unknown): string {
  if (typeof seconds !== 'number') return ', late';
  return `, ${roughly(seconds)} late`;
}
