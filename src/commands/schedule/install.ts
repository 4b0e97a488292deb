import { prepareLog } from '../../schedulers/files.ts';
import { realChanges, textOfChanges } from '../../schedulers/scheduler.ts';
import { ensureJobs } from '../../tasks/jobs.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import { effectiveTimetable } from '../../timetable/effective.ts';
import type { InputOf } from '../command.ts';
import type { Context } from '../context.ts';
import { checkAccount } from './check-account.ts';
import { filesOf } from './files-of.ts';
import { lastingOf, refuseVanishing } from './lasting.ts';
import { openScheduler } from './open-scheduler.ts';
import { outcomeOf } from './schedule-outcome.ts';
import { secretChanges, writeSecrets } from './secrets.ts';
import type { installSchedule } from './spec.ts';

/** Installs the timetable on this host, in place of what it installed before; and takes the settings over into the database. */
export async function run(context: Context, input: InputOf<typeof installSchedule>): Promise<Outcome> {
  const scheduler = await openScheduler(context, input);
  const { files, installation } = await filesOf(context, input);
  const lasting = lastingOf(installation.program);
  refuseVanishing(lasting);
  const owner = await checkAccount(installation);
  const changes = realChanges(await scheduler.compare(files));
  const secrets = realChanges(await secretChanges(context, installation));
  const all = [...secrets, ...changes];
  if (context.dryRun)
    return outcomeOf(input, all, { dryRun: true, text: textOfChanges(all), notes: lasting.warnings });
  await scheduler.ready();
  const entries = effectiveTimetable((await context.settings()).timetable);
  await ensureJobs(await context.database(), await context.now(), entries);
  // systemd reads them as root and hands them over
  await writeSecrets(secrets, input.kind === 'systemd' ? undefined : owner);
  if (input.log !== undefined) await prepareLog(input.log, owner);
  return outcomeOf(input, all, {
    dryRun: false,
    notes: [...lasting.warnings, ...(await scheduler.apply(changes))],
  });
}
