import { verb } from '../verb.ts';
import { customerOption, limitOption } from './options.ts';
import { runNamed } from './run-named.ts';

export const command = verb({
  examples: [
    ['subctl reset-credits', 'what the crontab runs every hour'],
    ['subctl reset-credits --customer acme --dry-run', 'what is due of one customer'],
  ],
  exits: [3, 7, 8],
  rows: true,
  asOf: true,
  writes: true,
  onSignal: 'finishes',
})
  .description(
    'Credits of a period that has ended expire, what may be carried over is, and the grant of the new ' +
      "period comes in, each dated at the customer's own instant. A customer who uses something after " +
      'that instant does not wait for this task.\n\n' +
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

export const run = runNamed('reset-credits');
