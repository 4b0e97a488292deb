import { verb } from '../verb.ts';
import { customerOption, limitOption } from './options.ts';
import { runNamed } from './run-named.ts';

export const command = verb({
  examples: [
    ['subctl send-alerts', 'what the crontab runs every five minutes'],
    ['subctl send-alerts --dry-run', 'what would be queued, and what would be sent'],
  ],
  exits: [3, 7, 8],
  rows: true,
  asOf: true,
  writes: true,
  onSignal: 'finishes',
})
  .description(
    'Limits that are reached, credits that run low, trials and subscriptions that end, renewals and ' +
      'payments go into the outbox once each, and from there by SMTP_HOST, by SUBCTL_NOTICE_WEBHOOK_URL ' +
      'or by both. What cannot be delivered is tried again after 1, 5 and 15 minutes, 1, 3, 6, 12 and ' +
      '24 hours, and then given up. Without either, notices wait and are listed by: subctl alerts ' +
      'outbox.\n\n' +
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

export const run = runNamed('send-alerts');
