import { verb } from '../verb.ts';
import { customerOption, limitOption, runRules } from './options.ts';
import { runNamed } from './run-named.ts';

export const command = verb({
  examples: [
    ['subctl reset-monthly-usage', 'run the task, as the crontab does at midnight'],
    ['subctl reset-monthly-usage --dry-run --as-of 2026-02-01', 'preview the windows to close on 1 February'],
  ],
  exits: [3, 7, 8],
  rows: true,
  asOf: true,
  writes: true,
  onSignal: 'finishes',
})
  .description(
    "Limits reset at the customer's own midnight, even if this task does not run. The task records " +
      'the history: each ended window gets its final usage and the limit in force, however long ago it ' +
      'ended.' +
      runRules,
  )
  .addOption(customerOption)
  .addOption(limitOption);

export const run = runNamed('reset-monthly-usage');
