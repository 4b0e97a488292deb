import type { Outcome } from '../../terminal/outcome.ts';
import type { InputOf } from '../command.ts';
import type { Context } from '../context.ts';
import { runNamed } from '../tasks/run-named.ts';
import type { runJob } from './spec.ts';

/** Runs a task by its name; for an instant of the past it is as of that instant. */
export async function run(
  context: Context,
  { task, scheduledFor }: InputOf<typeof runJob>,
): Promise<Outcome> {
  const asOf = context.asOf ?? scheduledFor;
  const around = asOf ? { ...context, asOf, now: () => Promise.resolve(asOf) } : context;
  return runNamed(task, 'jobs run', scheduledFor)(around, {});
}
