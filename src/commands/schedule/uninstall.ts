import { realChanges, textOfChanges } from '../../scheduler/install/scheduler.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { openScheduler } from './open-scheduler.ts';
import { outcomeOf } from './schedule-outcome.ts';
import { type Options, verb } from '../verb.ts';
import { Argument } from '@commander-js/extra-typings';
import { systemOption, userOption } from './options.ts';

export const command = verb({
  examples: [
    ['subctl schedule uninstall cron --dry-run', 'preview the lines to remove'],
    ['subctl schedule uninstall systemd --user --dry-run', 'preview the units of this account to remove'],
  ],
  exits: [4, 8],
  rows: true,
  writes: true,
  needs: 'nothing',
})
  .description(
    'Removes only what schedule install created. Secret files are kept. Tasks stay on the timetable ' +
      'and can be run by hand.',
  )
  .addArgument(new Argument('<kind>', 'scheduler of this host').choices(['cron', 'systemd', 'windows']))
  .addOption(userOption)
  .addOption(systemOption);

/** Removes what schedule install installed on this host. Secret files are kept. */
export async function run(
  context: Context,
  kind: 'cron' | 'systemd' | 'windows',
  options: Options<typeof command>,
): Promise<Outcome> {
  const input = { kind, ...options };
  const scheduler = await openScheduler(context, input);
  const changes = realChanges(await scheduler.compare([]));
  if (context.dryRun) return outcomeOf(input, changes, { dryRun: true, text: textOfChanges(changes) });
  if (changes.length > 0) await scheduler.ready();
  const notes = changes.length > 0 ? await scheduler.apply(changes) : [];
  return outcomeOf(input, changes, { dryRun: false, notes });
}
