import { type Loading, command } from '../command.ts';

const createToken = command({
  path: 'tokens create',
  summary: 'Make a token with which an application may ask subctl serve',
  description:
    'It is shown once, here, and kept as its hash: whoever loses it makes another. Scopes: read (plans and what a customer has), check (may this be used), record (uses, and holding them), alerts (mark as read), checkout (open a page of Stripe), keys (fetch the API keys of providers; not with --customer or --prefix), members (manage the members of groups). With --role it may do what an account of the database with that role may, and no more; scopes narrow it further. Without --customer or --prefix it speaks for every customer.',
  group: 'use',
  arguments: [{ name: 'name', about: 'which application it is: web, worker-eu' }],
  options: [
    {
      flag: '--scope',
      value: 'scope',
      kind: 'choice',
      choices: ['read', 'check', 'record', 'alerts', 'checkout', 'keys', 'members'],
      many: true,
      about: 'what it may: read, check, record, alerts, checkout, keys, members; several times',
    },
    {
      flag: '--role',
      value: 'role',
      kind: 'choice',
      choices: ['superadmin', 'admin', 'reader', 'personal', 'app'],
      about:
        'what an account of the database with that role may do: superadmin, admin, reader, personal or app',
    },
    { flag: '--customer', value: 'customer', about: 'only for this customer' },
    { flag: '--prefix', value: 'text', about: 'only for customers whose ids begin so' },
    { flag: '--expires', value: 'time', kind: 'instant', about: 'when it ends by itself' },
  ],
  examples: [
    {
      command: 'subctl tokens create web --scope check --scope record',
      about: 'for an application that meters',
    },
    {
      command: 'subctl tokens create acme-portal --scope read --prefix acme- --expires 2036-01-01',
      about: 'for those of acme, until then',
    },
    { command: 'subctl tokens create reports --role reader', about: 'reports, without data of persons' },
  ],
  exits: [8],
  rows: true,
  writes: true,
  asOf: true,
  load: (): Loading => import('./create.ts'),
});

const listTokens = command({
  path: 'tokens list',
  summary: 'List the tokens of applications, with what they may and when they were last used',
  group: 'use',
  options: [{ flag: '--all', about: 'those that have ended, too' }],
  examples: [
    { command: 'subctl tokens list', about: 'those that hold' },
    { command: 'subctl tokens list --all --json', about: 'all that ever were' },
  ],
  rows: true,
  asOf: true,
  load: (): Loading => import('./list.ts'),
});

const revokeToken = command({
  path: 'tokens revoke',
  summary: 'End a token for good',
  description: 'A running server forgets it within five seconds.',
  group: 'use',
  arguments: [{ name: 'name', about: 'name of the token' }],
  examples: [
    { command: 'subctl tokens revoke web', about: 'the application is refused from now on' },
    { command: 'subctl tokens revoke web --dry-run', about: 'only whether it could be' },
  ],
  exits: [3],
  rows: true,
  writes: true,
  asOf: true,
  load: (): Loading => import('./revoke.ts'),
});

export const tokens = [createToken, listTokens, revokeToken] as const;
export type TokenSpecs = { create: typeof createToken; list: typeof listTokens; revoke: typeof revokeToken };
