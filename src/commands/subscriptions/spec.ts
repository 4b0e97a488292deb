import { type Loading, command } from '../command.ts';

const customer = { name: 'customer', about: 'id of the customer' } as const;

const listSubscriptions = command({
  path: 'subscriptions list',
  summary: 'List subscriptions, the live ones unless said',
  group: 'sell',
  options: [
    { flag: '--plan', value: 'plan', about: 'only those to this plan' },
    {
      flag: '--status',
      value: 'status',
      kind: 'choice',
      choices: ['trialing', 'active', 'past_due', 'paused', 'canceled', 'expired'],
      many: true,
      about: 'only those in this state now; may be given several times',
    },
    {
      flag: '--due-before',
      value: 'time',
      kind: 'instant',
      about: 'only those whose period ends before this',
    },
    { flag: '--all', about: 'those that have ended, too' },
    { flag: '--after', value: 'customer', about: 'only customers after this one: the next page' },
    {
      flag: '--limit',
      value: 'number',
      kind: 'integer',
      min: 1,
      max: 1_000_000,
      default: 50,
      about: 'how many at most (50)',
    },
  ],
  examples: [
    { command: 'subctl subscriptions list --plan pro --status past_due', about: 'who on pro has not paid' },
    {
      command: 'subctl subscriptions list --due-before 2026-02-01 --json',
      about: 'what ends or renews before February',
    },
  ],
  rows: true,
  asOf: true,
  load: (): Loading => import('./list.ts'),
});

const showSubscription = command({
  path: 'subscriptions show',
  summary: 'Show a customer’s subscription: its head, what waits, its segments',
  description: 'The newest one; what it comes to now is read by dates, whether or not a task has written it.',
  group: 'sell',
  arguments: [customer],
  examples: [
    { command: 'subctl subscriptions show ann', about: 'everything about it' },
    { command: 'subctl subscriptions show ann --json', about: 'the same, for a program' },
  ],
  exits: [3],
  rows: true,
  parts: ['segments'],
  asOf: true,
  load: (): Loading => import('./show.ts'),
});

const listHistory = command({
  path: 'subscriptions history',
  summary: 'Show what happened to a customer’s subscriptions, oldest first',
  description:
    'Starts, changes, renewals, resets of usage, invoices and ends, each at its true instant with who did it.',
  group: 'sell',
  arguments: [customer],
  options: [
    {
      flag: '--limit',
      value: 'number',
      kind: 'integer',
      min: 1,
      default: 1000,
      about: 'how many at most (1000)',
    },
  ],
  examples: [
    { command: 'subctl subscriptions history ann', about: 'the whole story' },
    { command: 'subctl subscriptions history ann --format csv', about: 'for a spreadsheet' },
  ],
  exits: [3],
  rows: true,
  load: (): Loading => import('./history.ts'),
});

const cancelSubscription = command({
  path: 'subscriptions cancel',
  summary: 'Cancel a customer’s subscription, at the end of its period unless said',
  description:
    'Until the end everything stays as it is; to take the cancellation back, assign the same plan again. With --now access ends at once, the plan’s credits too, and nothing is paid back. Then the plan’s fallback begins, where it has one.',
  group: 'sell',
  arguments: [customer],
  options: [{ flag: '--now', about: 'end it now' }],
  examples: [
    { command: 'subctl subscriptions cancel ann', about: 'ann keeps the plan until the period ends' },
    {
      command: 'subctl subscriptions cancel ann --now --yes --reason "asked for it"',
      about: 'at once, without a question',
    },
  ],
  exits: [3, 4],
  rows: true,
  asOf: true,
  writes: true,
  load: (): Loading => import('./cancel.ts'),
});

export type { cancelSubscription, listHistory, listSubscriptions, showSubscription };

export const subscriptions = [listSubscriptions, showSubscription, listHistory, cancelSubscription] as const;
