import { type Loading, command } from '../command.ts';

const group = { name: 'customer', about: 'id of the group' } as const;
const member = { name: 'member', about: 'the person’s id in the application' } as const;

const asMember = {
  flag: '--as-member',
  value: 'member',
  about: 'act for this member, who has to be an admin of the group',
} as const;
const role = {
  flag: '--role',
  value: 'role',
  kind: 'choice',
  choices: ['member', 'admin'],
  default: 'member',
  about: 'an admin manages the group',
} as const;

const addMember = command({
  path: 'members add',
  summary: 'Give a person a seat in a group',
  description:
    'Seats are limited by the plan’s version. A person who left comes back with the history of before.',
  group: 'sell',
  arguments: [group, member],
  options: [
    role,
    { flag: '--name', value: 'name', about: 'for people' },
    { flag: '--email', value: 'address', about: 'for notices' },
    asMember,
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
  options: [asMember],
  examples: [
    { command: 'subctl members remove acme bob', about: 'the seat is free' },
    {
      command: 'subctl members remove acme bob --reason "left the company"',
      about: 'with a reason for the audit',
    },
  ],
  exits: [3, 4],
  rows: true,
  asOf: true,
  writes: true,
  load: (): Loading => import('./remove.ts'),
});

const inviteMember = command({
  path: 'members invite',
  summary: 'Make an invitation code, by which people join a group',
  description:
    'The code is shown once, here, and kept as its hash. It ends after seven days unless --expires says otherwise, and takes no seat before somebody joins.',
  group: 'sell',
  arguments: [group],
  options: [
    { ...role, about: 'what who joins is in the group' },
    {
      flag: '--uses',
      value: 'number',
      kind: 'integer',
      min: 1,
      max: 100_000,
      default: 1,
      about: 'how many may join by it',
    },
    { flag: '--expires', value: 'time', kind: 'instant', about: 'when it ends' },
    asMember,
  ],
  examples: [
    { command: 'subctl members invite acme', about: 'for one person, for a week' },
    { command: 'subctl members invite acme --uses 20 --expires 2036-01-01', about: 'for a class' },
  ],
  exits: [3, 4],
  rows: true,
  asOf: true,
  writes: true,
  load: (): Loading => import('./invite.ts'),
});

const listInvitations = command({
  path: 'members invitations',
  summary: 'List the invitations of a group, without their codes',
  group: 'sell',
  arguments: [group],
  options: [{ flag: '--all', about: 'those that are over, too' }, asMember],
  examples: [
    { command: 'subctl members invitations acme', about: 'those by which people can join' },
    { command: 'subctl members invitations acme --all --json', about: 'all that were made' },
  ],
  exits: [3, 4],
  rows: true,
  asOf: true,
  load: (): Loading => import('./invitations.ts'),
});

const revokeInvitation = command({
  path: 'members revoke-invitation',
  summary: 'Take an invitation back; who has joined by it stays',
  group: 'sell',
  arguments: [group, { name: 'ending', about: 'the last four characters of its code' }],
  options: [asMember],
  examples: [
    { command: 'subctl members revoke-invitation acme 7K3M', about: 'nobody joins by it any more' },
    { command: 'subctl members revoke-invitation acme 7K3M --dry-run', about: 'only whether there is one' },
  ],
  exits: [3, 4],
  rows: true,
  asOf: true,
  writes: true,
  load: (): Loading => import('./revoke-invitation.ts'),
});

const joinGroup = command({
  path: 'members join',
  summary: 'Make a person a member of the group that an invitation code is of',
  group: 'sell',
  arguments: [{ name: 'code', about: 'as it was shown; dashes and capitals do not matter' }, member],
  options: [
    { flag: '--name', value: 'name', about: 'for people' },
    { flag: '--email', value: 'address', about: 'for notices' },
  ],
  examples: [
    { command: 'subctl members join 0000-1111-2222-3333-4444 bob', about: 'bob has a seat' },
    {
      command: 'subctl members join 0000-1111-2222-3333-4444 bob --dry-run',
      about: 'whether the code is good',
    },
  ],
  exits: [3, 4, 8],
  rows: true,
  asOf: true,
  writes: true,
  load: (): Loading => import('./join.ts'),
});

export type {
  addMember,
  inviteMember,
  joinGroup,
  listInvitations,
  listMembers,
  removeMember,
  revokeInvitation,
};

export const members = [
  addMember,
  listMembers,
  removeMember,
  inviteMember,
  listInvitations,
  revokeInvitation,
  joinGroup,
] as const;
