import { type Loading, type OptionSpec, command } from '../command.ts';

const customer = {
  flag: '--customer',
  value: 'customer',
  about: 'only what is due of this customer',
} as const satisfies OptionSpec;
const limit = {
  flag: '--limit',
  value: 'number',
  kind: 'integer',
  min: 1,
  about: 'at most this many rows; a customer who is begun is finished',
} as const satisfies OptionSpec;

const habits = `A run does what is due at its time and nothing else: a second one finds nothing, two at once do nothing twice (the second ends with exit code 8), and one that was stopped is finished by the next. A row that cannot be done is parked, the others go on, and the exit code is 7 (see: subctl parked list).

Asked for by name it always runs. It stands for the instant of the timetable that is due or comes within five minutes, unless --customer or --limit makes it a part; else it is an extra run.`;

const common = {
  group: 'work',
  exits: [3, 7, 8],
  asOf: true,
  writes: true,
  rows: true,
  onSignal: 'finishes',
} as const;

export const resetMonthlyUsage = command({
  path: 'reset-monthly-usage',
  summary: 'Close the calendar windows of usage that have ended',
  description: `Limits renew by themselves at the customer's own midnight, whether or not this runs. It keeps the history: each window that has ended gets its final use and the limit that was in force, however long ago that was.\n\n${habits}`,
  ...common,
  options: [customer, limit],
  examples: [
    { command: 'subctl reset-monthly-usage', about: 'what the crontab runs at midnight' },
    {
      command: 'subctl reset-monthly-usage --dry-run --as-of 2026-02-01',
      about: 'which windows the 1st of February would close',
    },
  ],
  load: (): Loading => run('reset-monthly-usage'),
});

export const resetCredits = command({
  path: 'reset-credits',
  summary: "Reset credits and windows at the end of each customer's own period",
  description: `Credits of a period that has ended expire, what may be carried over is, and the grant of the new period comes in, each dated at the customer's own instant. A customer who uses something after that instant does not wait for this task.\n\n${habits}`,
  ...common,
  options: [customer, limit],
  examples: [
    { command: 'subctl reset-credits', about: 'what the crontab runs every hour' },
    { command: 'subctl reset-credits --customer acme --dry-run', about: 'what is due of one customer' },
  ],
  load: (): Loading => run('reset-credits'),
});

export const checkExpired = command({
  path: 'check-expired',
  summary: 'End trials, cancellations and subscriptions that have run out',
  description: `Access ends by the date itself, not by this task: it writes the end down at its true instant, resets usage, and starts the fallback plan. Subscriptions that renew are left alone until their grace is over.\n\n${habits}`,
  ...common,
  options: [customer, limit],
  examples: [
    { command: 'subctl check-expired', about: 'what the crontab runs at one' },
    { command: 'subctl check-expired --dry-run --json', about: 'who would lose what, and why' },
  ],
  load: (): Loading => run('check-expired'),
});

export const handleRenewals = command({
  path: 'handle-renewals',
  summary: 'Renew the subscriptions whose period has ended',
  description: `Free and complimentary subscriptions renew at once, those that are collected by invoice get one and are past due when it is not paid in time. Every missed period is written, with its own dates.\n\n${habits}`,
  ...common,
  options: [
    customer,
    limit,
    {
      flag: '--charge-missed',
      value: 'which',
      kind: 'choice',
      choices: ['latest', 'all', 'none'],
      default: 'latest',
      about: 'which of several missed periods are charged',
    },
  ],
  examples: [
    { command: 'subctl handle-renewals', about: 'what the crontab runs at two' },
    {
      command: 'subctl handle-renewals --dry-run --as-of 2026-03-01',
      about: 'what the 1st of March would renew',
    },
  ],
  load: (): Loading => run('handle-renewals'),
});

export const sendAlerts = command({
  path: 'send-alerts',
  summary: 'Tell customers what they are to know, by mail or webhook',
  description: `Limits that are reached, credits that run low, trials and subscriptions that end, renewals and payments go into the outbox once each, and from there by SMTP_HOST, by SUBCTL_NOTICE_WEBHOOK_URL or by both. What cannot be delivered is tried again after 1, 5 and 15 minutes, 1, 3, 6, 12 and 24 hours, and then given up. Without either, notices wait and are listed by: subctl alerts outbox.\n\n${habits}`,
  ...common,
  options: [customer, limit],
  examples: [
    { command: 'subctl send-alerts', about: 'what the crontab runs every five minutes' },
    { command: 'subctl send-alerts --dry-run', about: 'what would be queued, and what would be sent' },
  ],
  load: (): Loading => run('send-alerts'),
});

export const stripeReconcile = command({
  path: 'stripe-reconcile',
  summary: 'Compare every customer with Stripe, and pull what webhooks missed',
  description: `First the webhooks that wait or failed, then every customer who is one of Stripe's and was not compared in the last half day: subscriptions, invoices, payments, refunds. This side becomes what Stripe says. To look without a change: --dry-run, or subctl stripe reconcile.\n\n${habits}`,
  ...common,
  exits: [3, 7, 8],
  options: [customer, limit],
  examples: [
    { command: 'subctl stripe-reconcile', about: 'what the crontab runs at three' },
    { command: 'subctl stripe-reconcile --dry-run', about: 'what differs now' },
  ],
  load: (): Loading => run('stripe-reconcile'),
});

export const prune = command({
  path: 'prune',
  summary: 'Create future partitions, sum past months and delete expired data',
  description: `Makes the monthly partitions of usage events two years ahead, sums the days of months that have been over for two days (again after late uses, reversals and new prices), drops whole months beyond the retention (setting events_months) whose windows are closed, and sweeps reservations past their time, keys of events too old to come back, and runs, webhooks and contents of notices past their retention (subctl retention list). The ledger, invoices and closed windows stay.\n\n${habits}`,
  ...common,
  exits: [8],
  options: [],
  examples: [
    { command: 'subctl prune', about: 'what the crontab runs at four' },
    { command: 'subctl prune --dry-run', about: 'what it would make and take away' },
  ],
  load: (): Loading => run('prune'),
});

async function run(task: string) {
  const { runNamed } = await import('./run-named.ts');
  return { run: runNamed(task) };
}

export const tasks = [
  resetMonthlyUsage,
  resetCredits,
  checkExpired,
  handleRenewals,
  sendAlerts,
  stripeReconcile,
  prune,
] as const;
