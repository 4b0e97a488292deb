import { Failure } from '../domain/failure.ts';
import { nearest } from '../domain/nearest.ts';

/**
 * What becomes of instants that nobody ran: `latest` makes up all of them by one run as of its own time, `all` by one run each,
 * as of its instant, and `none` leaves those out that are past their grace.
 */
export type CatchUp = 'latest' | 'all' | 'none';

/** When a task runs, on the wall clock of the timetable's zone. */
export interface Entry {
  task: string;
  /** five fields: minute, hour, day of the month, month, day of the week */
  cron: string;
  catchUp: CatchUp;
  summary: string;
}

/** THE timetable: commands, the daemon, the crontab, the systemd units and the Windows tasks all read it. */
export const timetable = [
  {
    task: 'reset-monthly-usage',
    cron: '0 0 * * *',
    catchUp: 'latest',
    summary: 'Close the calendar windows that have ended',
  },
  {
    task: 'reset-credits',
    cron: '0 * * * *',
    catchUp: 'latest',
    summary: "Reset credits and windows at each customer's own hour",
  },
  {
    task: 'check-expired',
    cron: '0 1 * * *',
    catchUp: 'latest',
    summary: 'End what has run out: trials, cancellations, subscriptions past their grace',
  },
  {
    task: 'handle-renewals',
    cron: '0 2 * * *',
    catchUp: 'latest',
    summary: 'Renew the subscriptions whose period has ended',
  },
  {
    task: 'send-alerts',
    cron: '*/5 * * * *',
    catchUp: 'latest',
    summary: 'Tell customers what they are to know: limits, ends, renewals, payments',
  },
  {
    task: 'stripe-reconcile',
    cron: '0 3 * * *',
    catchUp: 'latest',
    summary: 'Compare with Stripe, and pull what webhooks missed',
  },
  {
    task: 'prune',
    cron: '0 4 * * *',
    catchUp: 'latest',
    summary: 'Make room ahead, and take away what need not be kept',
  },
] as const satisfies readonly Entry[];

export type TaskName = (typeof timetable)[number]['task'];

/** @throws Failure usage, with the nearest name, for a task that the timetable does not have */
export function entryOf(task: string): Entry {
  const found = timetable.find((entry) => entry.task === task);
  if (found) return found;
  const names = timetable.map((entry) => entry.task);
  const near = nearest(task, names);
  throw new Failure('usage', `There is no task '${task}'${near ? `, did you mean ${near}?` : ''}`, {
    hint: `Give one of: ${names.join(', ')}`,
  });
}
