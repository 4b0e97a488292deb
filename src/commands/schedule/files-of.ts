import path from 'node:path';
import { effectiveTimetable } from '../../scheduler/effective.ts';
import * as artefact from '../../scheduler/render/installation.ts';
import type { Context } from '../context.ts';
import { checkInput, type ScheduleInput } from './schedule-input.ts';
import { thisInstallation, timeoutProgram } from './this-installation.ts';

/** The files of a timetable, their entries, and the installation that they start. */
export interface Printed {
  files: artefact.ArtefactFile[];
  /** empty for the daemon, which reads the timetable itself */
  entries: artefact.ArtefactEntry[];
  /** time zone of the entries */
  zone: string;
  installation: artefact.Installation;
}

/** Renders the files for this installation. @throws Failure refused if a time cannot be converted exactly */
export async function filesOf(context: Context, given: ScheduleInput): Promise<Printed> {
  const log = given.log === undefined ? undefined : path.resolve(context.cwd, given.log);
  const input = { ...given, log };
  checkInput(input);
  const { kind, daemon } = input;
  const installation = await thisInstallation(context, input);
  const here = input.hostTimezone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
  const zone = kind === 'cron' ? here : 'UTC';
  const scheduled = daemon ? [] : await scheduledFor(context, input);
  const entries = artefact.entriesIn(scheduled, zone, await yearOf(context, input));
  const printed = { entries, zone, installation };
  if (kind === 'windows') {
    const { printWindows } = await import('../../scheduler/render/windows.ts');
    return { ...printed, files: printWindows(entries, installation) };
  }
  if (kind === 'systemd') {
    const { printDaemon, printSystemd } = await import('../../scheduler/render/systemd.ts');
    return { ...printed, files: daemon ? printDaemon(installation) : printSystemd(entries, installation) };
  }
  const { printCron } = await import('../../scheduler/render/cron.ts');
  const text = printCron(entries, installation, { zone, log, timeout: timeoutProgram() });
  return { ...printed, files: [{ name: 'subctl.crontab', text, encoding: 'utf8' }] };
}

/** Returns the start of the year for which times are converted. The database clock is used only if the database is needed anyway. */
async function yearOf(context: Context, { runDue, daemon, timezone }: ScheduleInput): Promise<Date> {
  if (context.asOf) return context.asOf;
  return runDue || daemon || timezone !== undefined ? new Date(Date.UTC(2026, 0)) : context.now();
}

/** Returns the entries of the timetable without disabled and paused tasks, or the single entry of --run-due. */
export async function scheduledFor(
  context: Context,
  { runDue, timezone }: Pick<ScheduleInput, 'runDue' | 'timezone'>,
): Promise<artefact.Scheduled[]> {
  if (runDue) return [artefact.runDueEntry];
  const entries = effectiveTimetable((await context.settings()).timetable).filter(({ enabled }) => enabled);
  if (timezone !== undefined)
    return entries.map((entry) => ({ ...entry, timezone: entry.timezone ?? timezone }));
  const { findTimezone } = await import('../../tasks/task-states.ts');
  const { listPaused } = await import('../../tasks/pause.ts');
  const db = await context.database();
  const [zone, paused] = [await findTimezone(db), await listPaused(db)];
  return entries
    .filter(({ task }) => !paused.includes(task))
    .map((entry) => ({ ...entry, timezone: entry.timezone ?? zone }));
}
