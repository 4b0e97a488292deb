import { verb } from '../verb.ts';
import { customerOption, limitOption, runRules } from './options.ts';
import { runNamed } from './run-named.ts';

export const command = verb({
  examples: [
    ['subctl send-alerts', 'run the task, as the crontab does every five minutes'],
    ['subctl send-alerts --dry-run', 'preview what is queued and sent'],
  ],
  exits: [3, 7, 8],
  rows: true,
  asOf: true,
  writes: true,
  onSignal: 'finishes',
})
  .description(
    'Queues notifications about reached limits, low credits, ending trials and subscriptions, ' +
      'renewals and payments, each once. Sends them by SMTP_HOST, SUBCTL_NOTICE_WEBHOOK_URL, or both. ' +
      'A failed delivery is retried after 1, 5 and 15 minutes, 1, 3, 6, 12 and 24 hours, then given ' +
      'up. Without either channel, notifications stay queued: subctl alerts outbox.' +
      runRules,
  )
  .addOption(customerOption)
  .addOption(limitOption);

export const run = runNamed('send-alerts');
