import { type Loading, command } from '../command.ts';

const group = { name: 'customer', about: 'id of the group' } as const;
const member = { name: 'member', about: 'the person’s id in the application' } as const;

const addMember = command({
  path: 'members add',
  summary: 'Give a person a seat in a group',
  description:
    'Seats are limited by the plan’s version. A person who left comes back with the history of before.',
  group: 'sell',
  arguments: [group, member],
  options: [
    {
      flag: '--role',
      value: 'role',
      kind: 'choice',
      choices: ['member', 'admin'],
      default: 'member',
      about: 'an admin manages the group',
    },
    { flag: '--name', value: 'name', about: 'for people' },
    { flag: '--email', value: 'address', about: 'for notices' },
  ],
  examples: [
    { command: 'subctl members add acme ann --role admin', about: 'ann manages acme' },
    { command: 'subctl members add acme bob --json', about: 'a seat for bob' },
  ],
  exits: [3, 4, 8],
  rows: true,
  asOf: true,
  writes: true,
  load: (): Loading => import('./add.ts'),
});

const listMembers = command({
  path: 'members list',
  summary: 'List the members of a group',
  group: 'sell',
  arguments: [group],
  options: [{ flag: '--all', about: 'those who left, too' }],
  examples: [
    { command: 'subctl members list acme', about: 'who has a seat, and how many are left' },
    { command: 'subctl members list acme --all --json', about: 'everybody who ever was in it' },
  ],
  exits: [3],
  rows: true,
  asOf: true,
  load: (): Loading => import('./list.ts'),
});

const removeMember = command({
  path: 'members remove',
  summary: 'Take a person’s seat; what they used stays',
  group: 'sell',
  arguments: [group, member],
  examples: [
    { command: 'subctl members remove acme bob', about: 'the seat is free' },
    {
      command: 'subctl members remove acme bob --reason "left the company"',
      about: 'with a reason for the audit',
    },
  ],
  exits: [3],
  rows: true,
  asOf: true,
  writes: true,
  load: (): Loading => import('./remove.ts'),
});

export type { addMember, listMembers, removeMember };

export const members = [addMember, listMembers, removeMember] as const;
