import type { Outcome } from '../../terminal/outcome.ts';
import type { InputOf } from '../command.ts';
import type { Context } from '../context.ts';
import type { pauseJob } from './spec.ts';
import { switchJob } from './switch-job.ts';

/** Takes a task out of the timetable. */
export function run(context: Context, { task }: InputOf<typeof pauseJob>): Promise<Outcome> {
  return switchJob(context, { task, enabled: false });
}
