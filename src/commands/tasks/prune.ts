import { verb } from '../verb.ts';
import { wholeRunRules } from './options.ts';
import { runNamed } from './run-named.ts';

export const command = verb({
  examples: [
    ['subctl prune', 'run the task, as the crontab does at four'],
    ['subctl prune --dry-run', 'preview what is created and deleted'],
  ],
  exits: [8],
  rows: true,
  asOf: true,
  writes: true,
  onSignal: 'finishes',
}).description(
  'Creates monthly partitions of usage events two years ahead. Summarizes the days of a month two ' +
    'days after its end, and again after late events, reversals and new prices. Drops whole months ' +
    'past the retention (setting events_months) whose windows are closed.\n\nDeletes expired ' +
    'reservations and idempotency keys. Deletes task runs, webhook events and notification contents ' +
    'past their retention (subctl retention list). The ledger, invoices and closed windows are kept.' +
    wholeRunRules,
);

export const run = runNamed('prune');
