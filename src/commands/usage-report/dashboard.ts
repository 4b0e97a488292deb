import { findDashboard } from '../../reports/dashboard.ts';
import { findSpan } from '../../reports/span.ts';
import { listTasks } from '../../tasks/list-tasks.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import { showInstant } from '../../terminal/values.ts';
import { effectiveTimetable } from '../../scheduler/effective.ts';
import type { Context } from '../context.ts';
import { dashboardSections } from './dashboard-page.ts';
import { inOneSnapshot } from './in-one-snapshot.ts';
import { type Options, verb } from '../verb.ts';
import { integer } from '../readers.ts';

export const command = verb({
  examples: [
    ['subctl usage-report dashboard', 'show the dashboard in the terminal'],
    ['subctl usage-report dashboard --format html --output dashboard.html', 'save it as an HTML page'],
  ],
  rows: true,
  asOf: true,
  parts: ['plans', 'revenue', 'near_limits', 'tasks'],
})
  .description(
    'Shows subscriptions by plan and status, and revenue, usage and cost of this month with the ' +
      'projected cost. Also shows the customers closest to their limits, the alerts of the last seven ' +
      'days, and the tasks with their last result and next run. The month is the calendar month in the ' +
      'time zone of the settings. --format html writes one self-contained page with charts.',
  )
  .option('--months <number>', 'number of months in the charts', integer({ min: 2, max: 120 }), 6);

/** Prints the dashboard: one record as JSON, a page as text or HTML. */
export async function run(context: Context, { months }: Options<typeof command>): Promise<Outcome> {
  const now = await context.now();
  const timetable = effectiveTimetable((await context.settings()).timetable);
  const {
    span,
    found,
    jobs: taskStates,
  } = await inOneSnapshot(context, async (db) => {
    const span = await findSpan(db, { now, timezone: context.timezone });
    return {
      span,
      found: await findDashboard(db, { now, past: context.asOf !== undefined, span, months }),
      jobs: await listTasks(db, now, timetable),
    };
  });
  const tasks = taskStates.map(({ task, state, last_run, outcome, done, waiting, next_due, last_error }) => ({
    ...{ task, state, last_run, outcome, done, parked: waiting, next_due, last_error },
  }));
  return {
    record: { as_of: now, from: span.from, to: span.to, timezone: span.timezone, ...found, tasks },
    title: `subctl, ${showInstant(now, span.timezone)}`,
    timezone: span.timezone,
    sections: dashboardSections(found, { tasks, span }),
  };
}
