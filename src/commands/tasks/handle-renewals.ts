import { verb } from '../verb.ts';
import { Option } from '@commander-js/extra-typings';
import { customerOption, limitOption } from './options.ts';
import { runNamed } from './run-named.ts';

export const command = verb({
  examples: [
    ['subctl handle-renewals', 'what the crontab runs at two'],
    ['subctl handle-renewals --dry-run --as-of 2026-03-01', 'what the 1st of March would renew'],
  ],
  exits: [3, 7, 8],
  rows: true,
  asOf: true,
  writes: true,
  onSignal: 'finishes',
})
  .description(
    'Free and complimentary subscriptions renew at once, those that are collected by invoice get one ' +
      'and are past due when it is not paid in time. Every missed period is written, with its own ' +
      'dates.\n\n' +
      'A run does what is due at its time and nothing else: a second one finds nothing, two at once do ' +
      'nothing twice (the second ends with exit code 8), and one that was stopped is finished by the ' +
      'next. A row that cannot be done is parked, the others go on, and the exit code is 7 (see: subctl ' +
      'parked list).\n\n' +
      'Asked for by name it always runs. It stands for the instant of the timetable that is due or ' +
      'comes within five minutes, unless --customer or --limit makes it a part; else it is an extra ' +
      'run.',
  )
  .addOption(customerOption)
  .addOption(limitOption)
  .addOption(
    new Option('--charge-missed <which>', 'which of several missed periods are charged')
      .choices(['latest', 'all', 'none'])
      .default('latest'),
  );

export const run = runNamed('handle-renewals');
