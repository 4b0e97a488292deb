import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { setTaskEnabled } from './set-task-enabled.ts';
import { verb } from '../verb.ts';

export const command = verb({
  examples: [
    ['subctl jobs pause handle-renewals --reason "price list under review"', 'with the reason for the audit'],
    ['subctl jobs pause prune --dry-run', 'what would change'],
  ],
  rows: true,
  asOf: true,
  writes: true,
})
  .description(
    'run-due and the daemon leave it alone until it is resumed. Asked for by its own name it still ' +
      'runs, so a crontab line or timer that names it has to be taken out there.',
  )
  .argument('<task>', 'a task of the timetable: subctl jobs list shows them');

/** Takes a task out of the timetable. */
export function run(context: Context, task: string): Promise<Outcome> {
  return setTaskEnabled(context, { task, enabled: false });
}
