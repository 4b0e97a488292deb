import { type Loading, command } from '../command.ts';

export const features = command({
  path: 'features',
  summary: 'Show what a customer’s plan entitles to: features that are yes or no, amounts or words',
  description:
    'With a feature it says what the customer has of it: exit code 0 is that it has it and 4 that it has not. An amount of 0 and no are not had; an amount without a number is unlimited.',
  group: 'use',
  arguments: [
    { name: 'customer', about: 'id of the customer' },
    { name: 'feature', about: 'only this one', optional: true },
  ],
  examples: [
    { command: 'subctl features ann', about: 'all of them' },
    { command: 'subctl features ann api_access --json', about: 'one, for a program' },
  ],
  exits: [3, 4],
  rows: true,
  asOf: true,
  load: (): Loading => import('./features.ts'),
});
