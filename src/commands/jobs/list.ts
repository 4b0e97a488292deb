import { type ListedJob, listJobs } from '../../tasks/list-jobs.ts';
import type { Column, Outcome } from '../../terminal/outcome.ts';
import { effectiveTimetable } from '../../timetable/effective.ts';
import type { InputOf } from '../command.ts';
import type { Context } from '../context.ts';
import { reasonOf, sentencesOf, shownIn } from './reasons.ts';
import type { listJobs as spec } from './spec.ts';

const hidden = (...keys: string[]): Column[] => keys.map((key) => ({ key, hidden: true }));

const columns: Column[] = [
  { key: 'task' },
  { key: 'cron', title: 'schedule' },
  { key: 'timezone', title: 'zone', optional: true },
  {
    key: 'next_due',
    title: 'next due',
    show: (value, row) => (row['state'] === 'on' ? shown(value, row) : String(row['state'])),
  },
  ...hidden('enabled', 'state', 'catch_up', 'grace', 'late', 'late_by'),
  {
    key: 'last_run',
    title: 'last run',
    show: (value, row) => (value ? `${shown(value, row)} ${String(row['outcome'])}` : 'never'),
  },
  { key: 'outcome', hidden: true },
  { key: 'done', align: 'right', optional: true },
  ...hidden('parked', 'last_actor', 'last_host', 'last_trigger', 'last_late_by', 'last_error'),
  ...hidden('last_success', 'failures'),
  { key: 'waiting', title: 'parked', align: 'right', optional: true },
  { key: 'holder', title: 'at work', optional: true },
  ...hidden('why', 'source', 'differs', 'summary'),
];

/** Shows the timetable as the database keeps it, and what the settings here say otherwise; with a customer, what is next for that one. */
export async function run(context: Context, { customer }: InputOf<typeof spec>): Promise<Outcome> {
  const db = await context.database();
  const now = await context.now();
  if (customer !== undefined)
    return (await import('./next-of-customer.ts')).nextOfCustomer(db, customer, now);
  const entries = effectiveTimetable((await context.settings()).timetable);
  const listed = await listJobs(db, now, entries);
  return { columns, rows: listed.map(rowOf), timezone: listed[0]!.timezone, footer: sentencesOf(listed) };
}

function rowOf(job: ListedJob) {
  return { ...job, why: reasonOf(job) ?? null, source: job.from['cron'] };
}

const shown = (value: unknown, row: Record<string, unknown>): string =>
  shownIn(row['timezone'] as string, value as Date);
