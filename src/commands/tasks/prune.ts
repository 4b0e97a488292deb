import { verb } from '../verb.ts';
import { runNamed } from './run-named.ts';

export const command = verb({
  examples: [
    ['subctl prune', 'what the crontab runs at four'],
    ['subctl prune --dry-run', 'what it would make and take away'],
  ],
  exits: [8],
  rows: true,
  asOf: true,
  writes: true,
  onSignal: 'finishes',
}).description(
  'Makes the monthly partitions of usage events two years ahead, sums the days of months that have ' +
    'been over for two days (again after late uses, reversals and new prices), drops whole months ' +
    'beyond the retention (setting events_months) whose windows are closed, and sweeps reservations ' +
    'past their time, keys of events too old to come back, and runs, webhooks and contents of notices ' +
    'past their retention (subctl retention list). The ledger, invoices and closed windows stay.\n\n' +
    'A run does what is due at its time and nothing else: a second one finds nothing, two at once do ' +
    'nothing twice (the second ends with exit code 8), and one that was stopped is finished by the ' +
    'next. A row that cannot be done is parked, the others go on, and the exit code is 7 (see: subctl ' +
    'parked list).\n\n' +
    'Asked for by name it always runs. It stands for the instant of the timetable that is due or ' +
    'comes within five minutes, unless --customer or --limit makes it a part; else it is an extra ' +
    'run.',
);

export const run = runNamed('prune');
