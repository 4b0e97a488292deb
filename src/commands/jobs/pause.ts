import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { setTaskEnabled } from './set-task-enabled.ts';
import { verb } from '../verb.ts';

export const command = verb({
  examples: [
    [
      'subctl jobs pause handle-renewals --reason "price list under review"',
      'with the reason for the audit log',
    ],
    ['subctl jobs pause prune --dry-run', 'preview the change'],
  ],
  rows: true,
  asOf: true,
  writes: true,
})
  .description(
    'run-due and the daemon skip a paused task until it is resumed. The command of the task still ' +
      'runs it, so remove crontab lines and timers that name it.',
  )
  .argument('<task>', 'name of the task, from subctl jobs list');

/** Pauses a task. */
export function run(context: Context, task: string): Promise<Outcome> {
  return setTaskEnabled(context, { task, enabled: false });
}
