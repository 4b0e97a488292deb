import { type ListedTask, listTasks } from '../../tasks/list-tasks.ts';
import type { Column, Outcome } from '../../terminal/outcome.ts';
import { effectiveTimetable } from '../../scheduler/effective.ts';
import type { Context } from '../context.ts';
import { reasonOf, sentencesOf, shownIn } from './reasons.ts';
import { type Options, verb } from '../verb.ts';

export const command = verb({
  examples: [
    ['subctl jobs list', 'the timetable'],
    ['subctl jobs list --json', 'the same as JSON'],
    ['subctl jobs list --customer acme', 'the next dates of one customer'],
  ],
  exits: [3],
  rows: 'list',
  asOf: true,
})
  .description(
    'Times are in the zone of the timetable. A task is late when it is due for longer than its ' +
      'grace: the setting, else half its period, at most twelve hours. Late runs are still caught up. ' +
      'Tasks that do not run are listed with the reason, and so are differences between the local ' +
      'settings and the database. --customer shows the next reset, expiry and renewal of one customer, ' +
      'with no limit on how far ahead.',
  )
  .option('--customer <customer>', 'the next dates of this customer instead of the timetable');

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
  { key: 'holder', title: 'running', optional: true },
  ...hidden('why', 'source', 'differs', 'summary'),
];

/** Lists the timetable of the database and how the local settings differ; with a customer, the next dates of the customer. */
export async function run(context: Context, { customer }: Options<typeof command>): Promise<Outcome> {
  const db = await context.database();
  const now = await context.now();
  if (customer !== undefined)
    return (await import('./next-of-customer.ts')).nextOfCustomer(db, customer, now);
  const entries = effectiveTimetable((await context.settings()).timetable);
  const listed = await listTasks(db, now, entries);
  return { columns, rows: listed.map(rowOf), timezone: listed[0]!.timezone, footer: sentencesOf(listed) };
}

function rowOf(taskState: ListedTask) {
  return { ...taskState, why: reasonOf(taskState) ?? null, source: taskState.from['cron'] };
}

const shown = (value: unknown, row: Record<string, unknown>): string =>
  shownIn(row['timezone'] as string, value as Date);
