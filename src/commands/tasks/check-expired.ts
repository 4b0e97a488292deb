import { verb } from '../verb.ts';
import { customerOption, limitOption, runRules } from './options.ts';
import { runNamed } from './run-named.ts';

export const command = verb({
  examples: [
    ['subctl check-expired', 'run the task, as the crontab does at one'],
    ['subctl check-expired --dry-run --json', 'preview what expires, as JSON'],
  ],
  exits: [3, 7, 8],
  rows: true,
  asOf: true,
  writes: true,
  onSignal: 'finishes',
})
  .description(
    'Access ends at its date, even before this task runs. The task records the end with its ' +
      'effective time, resets usage and starts the fallback plan. Subscriptions that renew are not ' +
      'changed until their grace period ends.' +
      runRules,
  )
  .addOption(customerOption)
  .addOption(limitOption);

export const run = runNamed('check-expired');
