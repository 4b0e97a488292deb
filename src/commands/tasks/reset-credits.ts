import { verb } from '../verb.ts';
import { customerOption, limitOption, runRules } from './options.ts';
import { runNamed } from './run-named.ts';

export const command = verb({
  examples: [
    ['subctl reset-credits', 'run the task, as the crontab does every hour'],
    ['subctl reset-credits --customer acme --dry-run', 'preview one customer'],
  ],
  exits: [3, 7, 8],
  rows: true,
  asOf: true,
  writes: true,
  onSignal: 'finishes',
})
  .description(
    'Expires the credits of ended periods, carries over what the plan allows, and adds the grant of ' +
      "the new period. Each entry is dated at the customer's own period end. Usage after that time " +
      'does not wait for this task.' +
      runRules,
  )
  .addOption(customerOption)
  .addOption(limitOption);

export const run = runNamed('reset-credits');
