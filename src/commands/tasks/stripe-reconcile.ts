import { verb } from '../verb.ts';
import { customerOption, limitOption, runRules } from './options.ts';
import { runNamed } from './run-named.ts';

export const command = verb({
  examples: [
    ['subctl stripe-reconcile', 'run the task, as the crontab does at three'],
    ['subctl stripe-reconcile --dry-run', 'list the differences'],
  ],
  exits: [3, 7, 8],
  rows: true,
  asOf: true,
  writes: true,
  onSignal: 'finishes',
})
  .description(
    'Processes pending and failed webhooks. Then it compares every linked customer that was not ' +
      'compared in the last twelve hours: subscriptions, invoices, payments, refunds. This database ' +
      'takes the state of Stripe. To compare without changes: --dry-run, or subctl stripe reconcile.' +
      runRules,
  )
  .addOption(customerOption)
  .addOption(limitOption);

export const run = runNamed('stripe-reconcile');
