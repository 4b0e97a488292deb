import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { runNamed } from '../tasks/run-named.ts';
import { type Options, verb } from '../verb.ts';
import { instant } from '../readers.ts';

export const command = verb({
  examples: [
    ['subctl jobs run check-expired', 'the same as: subctl check-expired'],
    ['subctl jobs run reset-credits --scheduled-for 2026-01-01T09:00Z', 'catch up one missed run'],
  ],
  exits: [7, 8],
  rows: true,
  asOf: true,
  writes: true,
  onSignal: 'finishes',
})
  .argument('<task>', 'name of the task, from subctl jobs list')
  .option('--scheduled-for <time>', 'scheduled time of the run; also the default of --as-of', instant);

/** Runs a task by name; --scheduled-for is also the default of --as-of. */
export async function run(
  context: Context,
  task: string,
  { scheduledFor }: Options<typeof command>,
): Promise<Outcome> {
  const asOf = context.asOf ?? scheduledFor;
  const around = asOf ? { ...context, asOf, now: () => Promise.resolve(asOf) } : context;
  return runNamed(task, 'jobs run', scheduledFor)(around, {});
}
