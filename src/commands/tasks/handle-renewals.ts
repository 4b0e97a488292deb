import { verb } from '../verb.ts';
import { Option } from '@commander-js/extra-typings';
import { customerOption, limitOption, runRules } from './options.ts';
import { runNamed } from './run-named.ts';

export const command = verb({
  examples: [
    ['subctl handle-renewals', 'run the task, as the crontab does at two'],
    ['subctl handle-renewals --dry-run --as-of 2026-03-01', 'preview the renewals on 1 March'],
  ],
  exits: [3, 7, 8],
  rows: true,
  asOf: true,
  writes: true,
  onSignal: 'finishes',
})
  .description(
    'Free and complimentary subscriptions renew at once. Subscriptions collected by invoice get an ' +
      'invoice, and are past due if it is not paid in time. Every missed period is recorded with its ' +
      'own dates.' +
      runRules,
  )
  .addOption(customerOption)
  .addOption(limitOption)
  .addOption(
    new Option('--charge-missed <which>', 'which missed periods to charge')
      .choices(['latest', 'all', 'none'])
      .default('latest'),
  );

export const run = runNamed('handle-renewals');
