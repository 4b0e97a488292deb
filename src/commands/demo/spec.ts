import { type Loading, command } from '../command.ts';

export const demo = command({
  path: 'demo',
  summary: 'Make a database to play with, and say what to try',
  description: `An embedded database in the folder demo/ of SUBCTL_HOME, beside your own and without touching it: a shipped catalogue, customers in several time zones, subscriptions and a month of usage. DATABASE_URL is not looked at. Throw it away with its folder.

The same --seed and --as-of give the same customers, plans and usage. A second run finds it there and makes nothing.`,
  group: 'start',
  options: [
    { flag: '--catalogue', value: 'name', default: 'mobix', about: 'the catalogue to sell' },
    {
      flag: '--customers',
      value: 'number',
      kind: 'integer',
      min: 1,
      max: 100_000,
      default: 24,
      about: 'how many',
    },
    {
      flag: '--seed',
      value: 'number',
      kind: 'integer',
      min: 0,
      max: 4_294_967_295,
      default: 1,
      about: 'another one makes others',
    },
    {
      flag: '--as-of',
      value: 'time',
      kind: 'instant',
      about: 'the end of the month of usage (default: now)',
    },
    { flag: '--yes', short: '-y', about: 'as for setup: the demo never asks' },
  ],
  examples: [
    { command: 'subctl demo', about: 'make it, or say where it is' },
    { command: 'subctl demo --catalogue alwrity --customers 100', about: 'other plans, more customers' },
  ],
  exits: [3],
  rows: true,
  needs: 'nothing',
  load: (): Loading => import('./demo.ts'),
});
