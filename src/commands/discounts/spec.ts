import { type Loading, command } from '../command.ts';

const createDiscount = command({
  path: 'discounts create',
  summary: 'Make a code that lowers what a plan costs',
  description:
    'A percentage, or an amount in a currency. It is taken off after the credit for what was not used of an old plan, and never more than is asked for. ' +
    'One use lowers the first period, so many, or all of them. How often it may be used, in all and by one customer, is exact, however many ask at once.',
  group: 'money',
  arguments: [{ name: 'code', about: 'letters, digits, - and _; capitals do not matter' }],
  options: [
    { flag: '--percent', value: 'number', kind: 'amount', min: 0, about: 'off the bill, at most 100' },
    { flag: '--amount', value: 'amount', kind: 'amount', min: 0, about: 'off the bill, in --currency' },
    { flag: '--currency', value: 'code', about: 'of the amount' },
    { flag: '--plan', value: 'plan', many: true, about: 'only for this plan; may be given several times' },
    { flag: '--max-uses', value: 'number', kind: 'integer', min: 1, about: 'in all' },
    { flag: '--max-uses-per-customer', value: 'number', kind: 'integer', min: 1, about: 'by one customer' },
    { flag: '--from', value: 'time', kind: 'instant', about: 'good from here on' },
    { flag: '--expires', value: 'time', kind: 'instant', about: 'good until before this' },
    {
      flag: '--periods',
      value: 'number',
      kind: 'integer',
      min: 1,
      or: ['all'],
      about: 'how many periods one use lowers, or all (1)',
    },
  ],
  examples: [
    {
      command: 'subctl discounts create SPRING --percent 10 --max-uses 100',
      about: 'a tenth off the first period',
    },
    {
      command: 'subctl discounts create FRIENDS --amount 5.00 --currency USD --periods all',
      about: 'five dollars off, for good',
    },
  ],
  exits: [3, 8],
  rows: true,
  asOf: true,
  writes: true,
  load: (): Loading => import('./create.ts'),
});

const listDiscounts = command({
  path: 'discounts list',
  summary: 'List codes, and how often each was used',
  group: 'money',
  options: [{ flag: '--all', about: 'those that are not given any more, too' }],
  examples: [
    { command: 'subctl discounts list', about: 'what may be used' },
    { command: 'subctl discounts list --all --json', about: 'everything, for a program' },
  ],
  rows: true,
  load: (): Loading => import('./list.ts'),
});

const deactivateDiscount = command({
  path: 'discounts deactivate',
  summary: 'Give a code to nobody any more',
  description: 'Who used it keeps what was promised.',
  group: 'money',
  arguments: [{ name: 'code', about: 'the code' }],
  examples: [
    { command: 'subctl discounts deactivate SPRING', about: 'nobody else gets it' },
    { command: 'subctl discounts deactivate spring --dry-run', about: 'what it would do' },
  ],
  exits: [3],
  rows: true,
  asOf: true,
  writes: true,
  load: (): Loading => import('./deactivate.ts'),
});

export type { createDiscount, deactivateDiscount, listDiscounts };

export const discounts = [createDiscount, listDiscounts, deactivateDiscount] as const;
