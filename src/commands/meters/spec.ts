import { type Loading, command } from '../command.ts';

export const listMeters = command({
  path: 'meters list',
  summary: 'List what is counted',
  group: 'sell',
  options: [{ flag: '--all', about: 'standard meters too that no plan has used yet' }],
  examples: [
    { command: 'subctl meters list', about: 'the meters of the plans' },
    { command: 'subctl meters list --all --json', about: 'every one that a plan could limit' },
  ],
  rows: true,
  load: (): Loading => import('./list.ts'),
});

export const showMeter = command({
  path: 'meters show',
  summary: 'Show what a meter counts and which plans limit it',
  group: 'sell',
  arguments: [{ name: 'meter', about: 'id of the meter' }],
  examples: [
    { command: 'subctl meters show messages', about: 'the kinds that count on it' },
    { command: 'subctl meters show messages --json', about: 'for a program' },
  ],
  exits: [3],
  rows: true,
  parts: ['limits'],
  load: (): Loading => import('./show.ts'),
});

export const addMeter = command({
  path: 'meters add',
  summary: 'Add a meter',
  description:
    'An event counts on every meter that it fits: its kind, provider, model and tier. Every plan counts on the new meter from now on; ' +
    'it blocks nobody until a plan limits it. The id of a standard meter (calls.gemini, messages) needs no options.',
  group: 'sell',
  arguments: [{ name: 'meter', about: 'its id: small letters, digits, dots, dashes' }],
  options: [
    { flag: '--name', value: 'text', max: 500, about: 'name for people' },
    { flag: '--kind', value: 'kind', many: true, about: 'kind that counts (any)' },
    { flag: '--provider', value: 'name', many: true, about: 'provider that counts (any)' },
    { flag: '--model', value: 'name', many: true, about: 'model that counts (any)' },
    {
      flag: '--tier',
      value: 'tier',
      kind: 'choice',
      choices: ['free', 'paid'],
      about: 'only free or only paid models (both)',
    },
    {
      flag: '--field',
      value: 'field',
      kind: 'choice',
      choices: ['quantity', 'tokens', 'input', 'output', 'cost', 'bytes', 'characters', 'pages', 'seconds'],
      about: 'what of an event counts (quantity)',
    },
    {
      flag: '--aggregation',
      value: 'word',
      kind: 'choice',
      choices: ['sum', 'count'],
      about: 'add the field up, or count events (sum)',
    },
    { flag: '--unit', value: 'text', about: 'what one is: message, token' },
  ],
  examples: [
    { command: 'subctl meters add calls.cohere', about: 'a standard meter for another provider' },
    {
      command: 'subctl meters add pages --kind page --unit page --dry-run',
      about: 'show a meter of your own',
    },
  ],
  exits: [3, 8],
  rows: true,
  writes: true,
  asOf: true,
  load: (): Loading => import('./add.ts'),
});

export const meters = [listMeters, showMeter, addMeter] as const;
