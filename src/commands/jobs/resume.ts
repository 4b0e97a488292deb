import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { setTaskEnabled } from './set-task-enabled.ts';
import { verb } from '../verb.ts';

export const command = verb({
  examples: [
    ['subctl jobs resume handle-renewals', 'run it on the timetable again'],
    ['subctl jobs resume prune --dry-run', 'preview the change'],
  ],
  rows: true,
  asOf: true,
  writes: true,
})
  .description('Missed runs are caught up at the next run-due, as after an outage.')
  .argument('<task>', 'name of the task, from subctl jobs list');

/** Resumes a task. */
export function run(context: Context, task: string): Promise<Outcome> {
  return setTaskEnabled(context, { task, enabled: true });
}
