import { type ArtefactFile, entriesIn, runDueEntry, type Scheduled } from '../../timetable/installation.ts';
import { timetable } from '../../timetable/timetable.ts';
import type { InputOf } from '../command.ts';
import type { Context } from '../context.ts';
import { thisInstallation } from './this-installation.ts';
import type { printSchedule } from './spec.ts';

type Input = InputOf<typeof printSchedule>;

/** The files that were asked for, of this installation. @throws Failure refused when a time cannot be said exactly */
export async function filesOf(
  context: Context,
  { kind, runDue, timezone, hostTimezone, account }: Input,
): Promise<ArtefactFile[]> {
  const installation = await thisInstallation(context, account);
  const scheduled = runDue ? [runDueEntry] : await readTimetable(context, timezone);
  const here = hostTimezone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
  const zone = kind === 'cron' ? here : 'UTC';
  const entries = entriesIn(scheduled, zone, await yearOf(context, { runDue, timezone }));
  if (kind === 'systemd')
    return (await import('../../timetable/systemd.ts')).printSystemd(entries, installation);
  if (kind === 'windows')
    return (await import('../../timetable/windows.ts')).printWindows(entries, installation);
  const { printCron } = await import('../../timetable/cron.ts');
  return [{ name: 'subctl.crontab', text: printCron(entries, installation, zone), encoding: 'utf8' }];
}

/** When the year begins for which times are converted; the database, which has the clock, is asked only if it is asked anyway. */
async function yearOf(
  context: Context,
  { runDue, timezone }: Pick<Input, 'runDue' | 'timezone'>,
): Promise<Date> {
  if (context.asOf) return context.asOf;
  return runDue || timezone !== undefined ? new Date(Date.UTC(2026, 0)) : context.now();
}

/** The shipped timetable in the zone that was given, else the one that the database keeps, without what is paused. */
async function readTimetable(context: Context, timezone: string | undefined): Promise<Scheduled[]> {
  if (timezone !== undefined) return timetable.map((entry) => ({ ...entry, timezone }));
  const { listJobs } = await import('../../tasks/list-jobs.ts');
  const jobs = await listJobs(await context.database(), await context.now());
  return jobs.filter(({ enabled }) => enabled);
}
