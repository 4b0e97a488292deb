import { verb } from '../verb.ts';
import { customerOption, limitOption } from './options.ts';
import { runNamed } from './run-named.ts';

export const command = verb({
  examples: [
    ['subctl reset-monthly-usage', 'what the crontab runs at midnight'],
    [
      'subctl reset-monthly-usage --dry-run --as-of 2026-02-01',
      'which windows the 1st of February would close',
    ],
  ],
  exits: [3, 7, 8],
  rows: true,
  asOf: true,
  writes: true,
  onSignal: 'finishes',
})
  .description(
    "Limits renew by themselves at the customer's own midnight, whether or not this runs. It keeps " +
      'the history: each window that has ended gets its final use and the limit that was in force, ' +
      'however long ago that was.\n\n' +
      'A run does what is due at its time and nothing else: a second one finds nothing, two at once do ' +
      'nothing twice (the second ends with exit code 8), and one that was stopped is finished by the ' +
      'next. A row that cannot be done is parked, the others go on, and the exit code is 7 (see: subctl ' +
      'parked list).\n\n' +
      'Asked for by name it always runs. It stands for the instant of the timetable that is due or ' +
      'comes within five minutes, unless --customer or --limit makes it a part; else it is an extra ' +
      'run.',
  )
  .addOption(customerOption)
  .addOption(limitOption);

export const run = runNamed('reset-monthly-usage');
