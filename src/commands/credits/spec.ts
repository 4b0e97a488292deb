import { type Loading, command } from '../command.ts';

const customer = { name: 'customer', about: 'id of the customer' } as const;
const amount = { name: 'amount', kind: 'amount', min: 0, about: 'decimal, such as 10 or 0.5' } as const;
const grantOptions = [
  {
    flag: '--priority',
    value: 'number',
    kind: 'integer',
    min: 0,
    max: 1000,
    about: 'the lower, the sooner it is used up: promotional 10, plan 20, adjustment 30, purchased 40',
  },
  {
    flag: '--expires',
    value: 'time',
    kind: 'instant',
    or: ['never'],
    about: 'until then; the end of the credit period unless said',
  },
  {
    flag: '--source',
    value: 'source',
    kind: 'choice',
    choices: ['adjustment', 'promotional', 'purchased'],
    default: 'adjustment',
    about: 'where the credits come from',
  },
] as const;

/** What every change of credits says. */
const reasoned = 'It needs a --reason: it is in the ledger.';

const showCredits = command({
  path: 'credits show',
  summary: 'Show the credits of a customer: balance, grants, next reset',
  group: 'use',
  arguments: [customer],
  examples: [
    { command: 'subctl credits show ann', about: 'what ann has left, and for how many uses' },
    {
      command: 'subctl credits show ann --as-of 2026-03-01 --json',
      about: 'with what is due on 1 March, whether or not a task has run',
    },
  ],
  exits: [3],
  rows: true,
  parts: ['grants', 'uses_left'],
  asOf: true,
  load: (): Loading => import('./show.ts'),
});

const addCredits = command({
  path: 'credits add',
  summary: 'Give a customer credits',
  description: reasoned,
  group: 'use',
  arguments: [customer, amount],
  options: grantOptions,
  examples: [
    {
      command: "subctl credits add ann 25 --reason 'sorry for the outage'",
      about: 'until the end of the period',
    },
    {
      command: "subctl credits add ann 500 --source purchased --expires never --reason 'order 81' --json",
      about: 'bought, used last, for ever',
    },
  ],
  exits: [3],
  rows: true,
  asOf: true,
  writes: true,
  load: (): Loading => import('./add.ts'),
});

const setCredits = command({
  path: 'credits set',
  summary: 'Make the balance of a customer be a number',
  description: `Gives or takes the difference, as a row of the ledger. ${reasoned}`,
  group: 'use',
  arguments: [customer, amount],
  options: grantOptions,
  examples: [
    { command: "subctl credits set ann 5 --reason 'agreed by mail'", about: 'whatever it was, it is 5 now' },
    { command: "subctl credits set ann 0 --reason 'abuse' --dry-run", about: 'see the difference first' },
  ],
  exits: [3, 4],
  rows: true,
  asOf: true,
  writes: true,
  load: (): Loading => import('./set.ts'),
});

const deductCredits = command({
  path: 'credits deduct',
  summary: 'Take credits from a customer, whole or not at all',
  description: reasoned,
  group: 'use',
  arguments: [customer, amount],
  examples: [
    {
      command: "subctl credits deduct ann 3 --reason 'refunded in money'",
      about: 'exit code 4 when there are fewer',
    },
    { command: "subctl credits deduct ann 0.5 --reason 'banner by hand' --json", about: 'half a credit' },
  ],
  exits: [3, 4],
  rows: true,
  asOf: true,
  writes: true,
  load: (): Loading => import('./deduct.ts'),
});

const creditHistory = command({
  path: 'credits history',
  summary: 'List the ledger of a customer’s credits',
  group: 'use',
  arguments: [customer],
  options: [
    { flag: '--from', value: 'time', kind: 'instant', about: 'from this instant on' },
    { flag: '--to', value: 'time', kind: 'instant', about: 'before this instant' },
    { flag: '--limit', value: 'number', kind: 'integer', min: 1, about: 'at most so many' },
  ],
  examples: [
    {
      command: 'subctl credits history ann',
      about: 'every grant, use, deduction and expiry with the balance after it',
    },
    {
      command: 'subctl credits history ann --from 2026-01-01 --format csv',
      about: 'this year for a spreadsheet',
    },
  ],
  exits: [3],
  rows: true,
  load: (): Loading => import('./history.ts'),
});

const resetCredits = command({
  path: 'credits reset',
  summary: 'Begin the plan’s credits of a customer anew now',
  description: `What is left of the plan’s grant expires and the plan’s amount is granted until the end of the period. The next regular reset stays where it is, and credits of other sources stay. ${reasoned}`,
  group: 'use',
  arguments: [customer],
  examples: [
    {
      command: "subctl credits reset ann --reason 'lost to a bug'",
      about: 'as if the period had just begun',
    },
    {
      command: "subctl credits reset ann --reason 'lost to a bug' --dry-run --json",
      about: 'see what it would give',
    },
  ],
  exits: [3, 4],
  rows: true,
  asOf: true,
  writes: true,
  load: (): Loading => import('./reset.ts'),
});

export const credits = [
  showCredits,
  addCredits,
  setCredits,
  deductCredits,
  resetCredits,
  creditHistory,
] as const;
export type Specs = {
  show: typeof showCredits;
  add: typeof addCredits;
  deduct: typeof deductCredits;
  history: typeof creditHistory;
  reset: typeof resetCredits;
};
