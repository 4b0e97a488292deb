import { prepareLog } from '../../scheduler/install/files.ts';
import { realChanges, textOfChanges } from '../../scheduler/install/scheduler.ts';
import { syncTaskStates } from '../../tasks/task-states.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import { effectiveTimetable } from '../../scheduler/effective.ts';
import type { Context } from '../context.ts';
import { checkAccount } from './check-account.ts';
import { filesOf } from './files-of.ts';
import { permanentPathOf, refuseTemporaryPath } from './permanent-paths.ts';
import { openScheduler } from './open-scheduler.ts';
import { outcomeOf } from './schedule-outcome.ts';
import { secretChanges, writeSecrets } from './secrets.ts';
import { type Options, verb } from '../verb.ts';
import { Argument } from '@commander-js/extra-typings';
import {
  accountOption,
  daemonOption,
  hostTimezoneOption,
  logOption,
  runDueOption,
  systemOption,
  timezoneOption,
  userOption,
} from './options.ts';

export const command = verb({
  examples: [
    ['subctl schedule install cron --run-due --dry-run', 'preview the lines for your crontab'],
    [
      'subctl schedule install systemd --daemon --user --dry-run',
      'preview the daemon as a user service, without root',
    ],
  ],
  exits: [4, 8],
  rows: true,
  asOf: true,
  writes: true,
})
  .description(
    'Installs the output of schedule print, replaces an earlier installation, and starts it. Other ' +
      'lines and units are not touched. A second run changes nothing. Secrets from the environment ' +
      '(DATABASE_URL) are written to files that only the account can read. The settings of the ' +
      'timetable are written to the database.\n\nRun it again after a change of the timetable, after ' +
      'jobs pause or jobs resume, and after an update. schedule status reports when that is needed. ' +
      '--dry-run shows the lines that would change.',
  )
  .addArgument(new Argument('<kind>', 'scheduler of this host').choices(['cron', 'systemd', 'windows']))
  .addOption(runDueOption)
  .addOption(daemonOption)
  .addOption(userOption)
  .addOption(systemOption)
  .addOption(timezoneOption)
  .addOption(hostTimezoneOption)
  .addOption(accountOption)
  .addOption(logOption);

/** Installs the timetable on this host, replacing an earlier installation, and writes the settings of the timetable to the database. */
export async function run(
  context: Context,
  kind: 'cron' | 'systemd' | 'windows',
  options: Options<typeof command>,
): Promise<Outcome> {
  const input = { kind, ...options };
  const scheduler = await openScheduler(context, input);
  const { files, installation } = await filesOf(context, input);
  const lasting = permanentPathOf(installation.program);
  refuseTemporaryPath(lasting);
  const owner = await checkAccount(installation);
  const changes = realChanges(await scheduler.compare(files));
  const secrets = realChanges(await secretChanges(context, installation));
  const all = [...secrets, ...changes];
  if (context.dryRun)
    return outcomeOf(input, all, { dryRun: true, text: textOfChanges(all), notes: lasting.warnings });
  await scheduler.ready();
  const entries = effectiveTimetable((await context.settings()).timetable);
  await syncTaskStates(await context.database(), await context.now(), entries);
  // systemd reads the files as root and passes the values on
  await writeSecrets(secrets, input.kind === 'systemd' ? undefined : owner);
  if (input.log !== undefined) await prepareLog(input.log, owner);
  return outcomeOf(input, all, {
    dryRun: false,
    notes: [...lasting.warnings, ...(await scheduler.apply(changes))],
  });
}
