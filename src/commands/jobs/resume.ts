import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { setTaskEnabled } from './set-task-enabled.ts';
import { verb } from '../verb.ts';

export const command = verb({
  examples: [
    ['subctl jobs resume handle-renewals', 'from now on it is due again'],
    ['subctl jobs resume prune --dry-run', 'what would change'],
  ],
  rows: true,
  asOf: true,
  writes: true,
})
  .description('What it missed is made up at the next run-due, as after any outage.')
  .argument('<task>', 'a task of the timetable: subctl jobs list shows them');

/** Puts a task back into the timetable. */
export function run(context: Context, task: string): Promise<Outcome> {
  return setTaskEnabled(context, { task, enabled: true });
}
