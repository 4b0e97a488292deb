import { command, type Loading } from '../command.ts';

export const listRetention = command({
  path: 'retention list',
  summary: 'List how long data is kept, by table',
  description:
    'What is past its time is deleted by the task prune. What is kept for ever is needed for bookkeeping or proofs.',
  group: 'look',
  examples: [
    { command: 'subctl retention list', about: 'how long is what kept?' },
    { command: 'subctl retention list --json', about: 'the same for a program' },
  ],
  rows: true,
  load: (): Loading => import('./list.ts'),
});

export const setRetention = command({
  path: 'retention set',
  summary: 'Set how long the data of a table is kept',
  description:
    'For usage_events in months, for job_runs, stripe_events and notifications in days. Of notifications what they said goes; that they were sent stays. The task prune does it at its next run: subctl prune --dry-run shows what would go.',
  group: 'look',
  arguments: [
    { name: 'table', about: 'the table, as retention list has it' },
    { name: 'time', about: 'a number of months or days: 24mo, 30d; forever for notifications' },
  ],
  examples: [
    {
      command: 'subctl retention set notifications 180d',
      about: 'forget what notices said after half a year',
    },
    { command: 'subctl retention set usage_events 24mo --dry-run', about: 'try two years of single uses' },
  ],
  exits: [3, 4],
  rows: true,
  asOf: true,
  writes: true,
  load: (): Loading => import('./set.ts'),
});

export const retention = [listRetention, setRetention] as const;
