import { type Loading, command } from '../command.ts';

const customer = { name: 'customer', about: 'id of the customer' } as const;
const kind = {
  name: 'kind',
  about: 'what it is about: limit, credits, trial_ending, ending, renewal …',
} as const;
const channel = {
  flag: '--channel',
  value: 'channel',
  kind: 'choice',
  choices: ['email', 'webhook'],
  about: 'only this way (all)',
} as const;

const listOutbox = command({
  path: 'alerts outbox',
  summary: 'List what customers were told, are to be told, and could not be told',
  group: 'use',
  options: [
    { flag: '--customer', value: 'customer', about: 'only of this customer' },
    { flag: '--operator', about: 'only what the operator is told' },
    { flag: '--kind', value: 'kind', about: 'only of this kind' },
    {
      flag: '--state',
      value: 'state',
      kind: 'choice',
      choices: ['waiting', 'sent', 'dead'],
      about: 'only what waits, was sent, or was given up',
    },
    {
      flag: '--limit',
      value: 'number',
      kind: 'integer',
      min: 1,
      max: 1_000_000,
      default: 1000,
      about: 'at most so many',
    },
  ],
  examples: [
    { command: 'subctl alerts outbox --state dead', about: 'what was given up, with its last error' },
    { command: 'subctl alerts outbox --customer ann --json', about: 'all of ann’s, with their fields' },
  ],
  rows: true,
  load: (): Loading => import('./outbox.ts'),
});

const resend = command({
  path: 'alerts resend',
  summary: 'Send a notice once more, or one that was given up',
  group: 'use',
  arguments: [
    { name: 'customer', about: 'id of the customer; not with --operator' },
    { name: 'id', optional: true, about: 'id of the notice, from alerts outbox --json' },
  ],
  options: [{ flag: '--operator', about: 'a notice to the operator, which is of no customer' }],
  examples: [
    {
      command: 'subctl alerts resend ann 0193a7e4-1111-7000-8000-000000000000',
      about: 'at the next send-alerts',
    },
    {
      command: 'subctl alerts resend ann 0193a7e4-1111-7000-8000-000000000000 --dry-run',
      about: 'only whether it could be',
    },
    {
      command: 'subctl alerts resend --operator 0193a7e4-1111-7000-8000-000000000000 --dry-run',
      about: 'one that the operator was to get',
    },
  ],
  exits: [3, 4],
  rows: true,
  asOf: true,
  writes: true,
  load: (): Loading => import('./resend.ts'),
});

const mute = command({
  path: 'alerts mute',
  summary: 'Tell a customer nothing of a kind',
  description: 'What is owed cannot be muted: payments, cards, keys.',
  group: 'use',
  arguments: [customer, kind],
  options: [channel],
  examples: [
    { command: 'subctl alerts mute ann limit', about: 'no more of thresholds' },
    {
      command: 'subctl alerts mute ann renewal --channel email --reason "asked for it"',
      about: 'no mail of renewals',
    },
  ],
  exits: [3, 4],
  rows: true,
  asOf: true,
  writes: true,
  load: (): Loading => import('./mute.ts'),
});

const unmute = command({
  path: 'alerts unmute',
  summary: 'Tell a customer of a kind again',
  group: 'use',
  arguments: [customer, kind],
  options: [channel],
  examples: [
    { command: 'subctl alerts unmute ann limit', about: 'thresholds again' },
    { command: 'subctl alerts unmute ann renewal --json', about: 'for a program' },
  ],
  exits: [3],
  rows: true,
  asOf: true,
  writes: true,
  load: (): Loading => import('./unmute.ts'),
});

const preview = command({
  path: 'alerts preview',
  summary: 'Show how a kind of notice reads',
  description:
    'With made-up facts, or with those of the latest one of a customer. The words are yours where the folder notice_templates has files such as limit.subject.txt, limit.txt and limit.html, which name fields as {{used}}.',
  group: 'use',
  arguments: [{ ...kind, optional: true }],
  options: [
    { flag: '--customer', value: 'customer', about: 'with the facts of the latest one of this customer' },
    { flag: '--html', about: 'the page of the mail in place of its text' },
  ],
  examples: [
    {
      command: 'subctl alerts preview',
      about: 'which kinds there are, and which of them have words of yours',
    },
    {
      command: 'subctl alerts preview limit --html --output limit.html',
      about: 'a mail, to open in a browser',
    },
  ],
  exits: [3],
  rows: true,
  load: (): Loading => import('./preview.ts'),
});

const test = command({
  path: 'alerts test',
  summary: 'Send a test by every way that is set, now',
  group: 'use',
  options: [{ flag: '--to', value: 'address', about: 'where the mail goes' }],
  examples: [
    { command: 'subctl alerts test --to you@example.com', about: 'a mail, and a call of the webhook' },
    { command: 'subctl alerts test --to you@example.com --json', about: 'for a program' },
  ],
  rows: true,
  load: (): Loading => import('./test.ts'),
});

export const outbox = [listOutbox, resend, mute, unmute, preview, test] as const;
export type OutboxSpecs = {
  list: typeof listOutbox;
  resend: typeof resend;
  mute: typeof mute;
  unmute: typeof unmute;
  preview: typeof preview;
  test: typeof test;
};
