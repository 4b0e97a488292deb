import { findDashboard } from '../../reports/dashboard.ts';
import { findSpan } from '../../reports/span.ts';
import { listJobs } from '../../tasks/list-jobs.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import { showInstant } from '../../terminal/values.ts';
import { effectiveTimetable } from '../../timetable/effective.ts';
import type { InputOf } from '../command.ts';
import type { Context } from '../context.ts';
import { dashboardSections } from './dashboard-page.ts';
import { inOneSnapshot } from './in-one-snapshot.ts';
import type { dashboard } from './dashboard-spec.ts';

/** The dashboard: one record for machines, a page for people. */
export async function run(context: Context, { months }: InputOf<typeof dashboard>): Promise<Outcome> {
  const now = await context.now();
  const timetable = effectiveTimetable((await context.settings()).timetable);
  const { span, found, jobs } = await inOneSnapshot(context, async (db) => {
    const span = await findSpan(db, { now });
    return {
      span,
      found: await findDashboard(db, { now, past: context.asOf !== undefined, span, months }),
      jobs: await listJobs(db, now, timetable),
    };
  });
  const tasks = jobs.map(({ task, state, last_run, outcome, done, waiting, next_due, last_error }) => ({
    ...{ task, state, last_run, outcome, done, parked: waiting, next_due, last_error },
  }));
  return {
    record: { as_of: now, from: span.from, to: span.to, timezone: span.timezone, ...found, tasks },
    title: `subctl, ${showInstant(now, span.timezone)}`,
    timezone: span.timezone,
    sections: dashboardSections(found, { tasks, span }),
  };
}
