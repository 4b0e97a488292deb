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
    ['subctl schedule uninstall cron --dry-run', 'which lines would go'],
    ['subctl schedule uninstall systemd --user --dry-run', 'which units of this account would go'],
  ],
  exits: [4, 8],
  rows: true,
  writes: true,
  needs: 'nothing',
})
  .description(
    'It removes what schedule install put there, and nothing else; files of secrets stay. The tasks ' +
      'are still on the timetable, and can be run by hand.',
  )
  .addArgument(new Argument('<kind>', 'cron, systemd or windows').choices(['cron', 'systemd', 'windows']))
  .addOption(userOption)
  .addOption(systemOption);

/** Takes away what was installed on this host, and nothing else. Files of secrets stay. */
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
