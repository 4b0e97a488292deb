import { type Loading, command } from '../command.ts';

const row = [
  { name: 'task', about: 'the task or import that parked it' },
  { name: 'customer', about: 'whose row it is' },
] as const;
const id = { name: 'id', about: 'its own id, where the customer has several', optional: true } as const;

export const listParked = command({
  path: 'parked list',
  summary: 'Show the rows that could not be done, and when each is tried again',
  description:
    'A row that a task cannot do is parked and the others go on. It is tried again after 15 minutes, 1, 4 and 16 hours, and then daily; after the eighth attempt only when somebody says so: subctl parked retry.',
  group: 'work',
  options: [
    { flag: '--task', value: 'task', about: 'only of this task' },
    { flag: '--customer', value: 'customer', about: 'only of this customer' },
  ],
  examples: [
    { command: 'subctl parked list', about: 'all of them' },
    { command: 'subctl parked list --task handle-renewals --json', about: 'what could not be renewed' },
  ],
  rows: true,
  load: (): Loading => import('./list.ts'),
});

export const showParked = command({
  path: 'parked show',
  summary: 'Show one parked row whole, with what was to be done',
  group: 'work',
  arguments: [...row, id],
  examples: [
    { command: 'subctl parked show check-expired acme', about: 'why it failed' },
    { command: 'subctl parked show check-expired acme --json', about: 'the same for a program' },
  ],
  exits: [3],
  rows: true,
  load: (): Loading => import('./show.ts'),
});

export const retryParked = command({
  path: 'parked retry',
  summary: 'Try parked rows of a task again, now',
  group: 'work',
  arguments: [row[0], { ...row[1], optional: true }],
  examples: [
    { command: 'subctl parked retry check-expired acme', about: 'one customer, once the cause is mended' },
    { command: 'subctl parked retry check-expired', about: 'all that this task has parked' },
  ],
  exits: [3, 4, 7, 8],
  rows: true,
  asOf: true,
  writes: true,
  load: (): Loading => import('./retry.ts'),
});

export const dropParked = command({
  path: 'parked drop',
  summary: 'Forget a parked row',
  description:
    'The row is taken from the list and nothing else. What a task still finds due it will find again and try again; what an import parked is gone.',
  group: 'work',
  arguments: [...row, id],
  examples: [
    { command: 'subctl parked drop check-expired acme --dry-run', about: 'which row it is' },
    {
      command: 'subctl parked drop check-expired acme --yes --reason "mended by hand"',
      about: 'without being asked',
    },
  ],
  exits: [3],
  rows: true,
  asOf: true,
  writes: true,
  load: (): Loading => import('./drop.ts'),
});

export const parked = [listParked, showParked, retryParked, dropParked] as const;
