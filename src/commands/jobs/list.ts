import { listJobs } from '../../tasks/list-jobs.ts';
import type { Column, Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';

const columns: Column[] = [
  { key: 'task' },
  { key: 'cron', title: 'schedule' },
  { key: 'timezone', title: 'zone', optional: true },
  {
    key: 'next_due',
    title: 'next due',
    show: (value, row) => (row['enabled'] ? shown(value, row) : 'paused'),
  },
  { key: 'enabled', hidden: true },
  { key: 'late', show: (value) => (value ? 'late' : ''), optional: true },
  {
    key: 'last_run',
    title: 'last run',
    show: (value, row) => (value ? `${shown(value, row)} ${String(row['outcome'])}` : 'never'),
  },
  { key: 'outcome', hidden: true },
  { key: 'done', align: 'right', optional: true },
  { key: 'parked', hidden: true },
  { key: 'last_success', hidden: true },
  { key: 'failures', hidden: true },
  { key: 'waiting', title: 'parked', align: 'right', optional: true },
  { key: 'holder', title: 'at work', optional: true },
  { key: 'summary', hidden: true },
];

/** Shows the timetable as the database keeps it. */
export async function run(context: Context): Promise<Outcome> {
  const db = await context.database();
  const rows = await listJobs(db, await context.now());
  const timezone = rows[0]!.timezone;
  const busy = rows.flatMap(({ task, holder }) => (holder ? [`${task} is at work: ${holder}`] : []));
  const late = rows.flatMap(({ task, late }) => (late ? [`${task} is late`] : []));
  return {
    columns,
    rows: rows.map((row) => ({ ...row })),
    timezone,
    footer: [`Times are those of ${timezone}.`, ...late, ...busy],
  };
}

function shown(value: unknown, row: Record<string, unknown>): string {
  const zone = row['timezone'] as string;
  const time = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' });
  return time.format(value as Date);
}
