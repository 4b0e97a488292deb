import { type Loading, command } from '../command.ts';

export const canUse = command({
  path: 'can-use',
  summary: 'Say whether a customer’s plan includes a feature',
  description: 'Exit code 0 is yes and 4 is no; anything else means that it could not tell.',
  group: 'use',
  arguments: [
    { name: 'customer', about: 'id of the customer' },
    { name: 'feature', about: 'name of the feature, as in plans show' },
  ],
  examples: [
    { command: 'subctl can-use ann api_access', about: 'may ann use the API' },
    {
      command: 'subctl can-use ann api_access --as-of 2026-12-01 --json',
      about: 'will ann be able to on 1 December',
    },
  ],
  exits: [3, 4],
  rows: true,
  asOf: true,
  load: (): Loading => import('./can-use.ts'),
});
