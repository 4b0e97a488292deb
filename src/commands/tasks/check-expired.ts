import { verb } from '../verb.ts';
import { customerOption, limitOption } from './options.ts';
import { runNamed } from './run-named.ts';

export const command = verb({
  examples: [
    ['subctl check-expired', 'what the crontab runs at one'],
    ['subctl check-expired --dry-run --json', 'who would lose what, and why'],
  ],
  exits: [3, 7, 8],
  rows: true,
  asOf: true,
  writes: true,
  onSignal: 'finishes',
})
  .description(
    'Access ends by the date itself, not by this task: it writes the end down at its true instant, ' +
      'resets usage, and starts the fallback plan. Subscriptions that renew are left alone until their ' +
      'grace is over.\n\n' +
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

export const run = runNamed('check-expired');
