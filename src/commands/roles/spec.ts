import { type Loading, command } from '../command.ts';

const role = { name: 'role', about: 'superadmin, admin, reader, personal, app or bound' } as const;
const account = { name: 'account', about: 'an account of the database server' } as const;

const listRoles = command({
  path: 'roles list',
  summary: 'List the roles, what each may, and the accounts that have it',
  description:
    'Roles are those of PostgreSQL, which enforces them: what an account may do with psql it may do with subctl, and nothing more. subctl setup --roles makes them.',
  group: 'start',
  examples: [
    { command: 'subctl roles list', about: 'who may do what' },
    { command: 'subctl roles list --json', about: 'for a program' },
  ],
  exits: [3],
  rows: true,
  load: (): Loading => import('./list.ts'),
});

const showRole = command({
  path: 'roles show',
  summary: 'Show the rights of a role on each table, view, sequence and function',
  group: 'start',
  arguments: [role],
  examples: [
    { command: 'subctl roles show app', about: 'what an application may' },
    { command: 'subctl roles show reader --format csv', about: 'for an audit' },
  ],
  exits: [3],
  rows: true,
  load: (): Loading => import('./show.ts'),
});

const grantRole = command({
  path: 'roles grant',
  summary: 'Give an account of the database a role',
  description:
    'The account must be there: create role ann login. Superadmins and the owner of the database may give roles. An account has what its roles have together. With --customer the account has the role bound: it may do what app may, for that customer alone, and have no other role.',
  group: 'start',
  arguments: [role, account],
  options: [{ flag: '--customer', value: 'customer', about: 'with app: the only customer it may speak for' }],
  examples: [
    { command: 'subctl roles grant admin ann', about: 'customers, credits, subscriptions, invoices' },
    {
      command: 'subctl roles grant app shop --customer acme',
      about: 'uses of acme alone, and what acme has',
    },
    { command: 'subctl roles grant app web --dry-run', about: 'only whether it could be' },
  ],
  exits: [3, 4],
  rows: true,
  writes: true,
  load: (): Loading => import('./grant.ts'),
});

const revokeRole = command({
  path: 'roles revoke',
  summary: 'Take a role from an account',
  description:
    'The last superadmin stays one. Connections that are open are refused from their next statement on.',
  group: 'start',
  arguments: [role, account],
  examples: [
    { command: 'subctl roles revoke admin ann', about: 'she is no admin any more' },
    { command: 'subctl roles revoke reader web --dry-run', about: 'only whether it could be' },
  ],
  exits: [3, 4],
  rows: true,
  writes: true,
  load: (): Loading => import('./revoke.ts'),
});

const checkRoles = command({
  path: 'roles check',
  summary: 'Compare what the roles may do with what they should',
  description: 'Rights that somebody has given or taken by hand are listed. subctl setup puts them right.',
  group: 'start',
  examples: [
    { command: 'subctl roles check', about: 'exit code 4 where they differ' },
    { command: 'subctl roles check --json', about: 'each right that differs' },
  ],
  exits: [3, 4],
  rows: true,
  load: (): Loading => import('./check.ts'),
});

export const rolesCommands = [listRoles, showRole, grantRole, revokeRole, checkRoles] as const;
export type RoleSpecs = { show: typeof showRole; grant: typeof grantRole; revoke: typeof revokeRole };
