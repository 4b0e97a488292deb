import { realChanges, textOfChanges } from '../../schedulers/scheduler.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { InputOf } from '../command.ts';
import type { Context } from '../context.ts';
import { openScheduler } from './open-scheduler.ts';
import { outcomeOf } from './schedule-outcome.ts';
import type { uninstallSchedule } from './spec.ts';

/** Takes away what was installed on this host, and nothing else. Files of secrets stay. */
export async function run(context: Context, input: InputOf<typeof uninstallSchedule>): Promise<Outcome> {
  const scheduler = await openScheduler(context, input);
  const changes = realChanges(await scheduler.compare([]));
  if (context.dryRun) return outcomeOf(input, changes, { dryRun: true, text: textOfChanges(changes) });
  if (changes.length > 0) await scheduler.ready();
  const notes = changes.length > 0 ? await scheduler.apply(changes) : [];
  return outcomeOf(input, changes, { dryRun: false, notes });
}
