import type { Outcome } from '../../terminal/outcome.ts';
import type { InputOf } from '../command.ts';
import type { Context } from '../context.ts';
import type { resumeJob } from './spec.ts';
import { switchJob } from './switch-job.ts';

/** Puts a task back into the timetable. */
export function run(context: Context, { task }: InputOf<typeof resumeJob>): Promise<Outcome> {
  return switchJob(context, { task, enabled: true });
}
