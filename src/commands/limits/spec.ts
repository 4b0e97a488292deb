import { type Loading, command } from '../command.ts';

const customer = { name: 'customer', about: 'id of the customer' } as const;
const meter = { name: 'meter', about: 'id of the meter' } as const;
const window = {
  name: 'window',
  kind: 'window',
  about: 'month, day, period, rolling_24h …: one that the plan counts',
} as const;
const scope = {
  flag: '--scope',
  value: 'scope',
  kind: 'choice',
  choices: ['customer', 'member'],
  default: 'customer',
  about: 'the customer as a whole, or each member',
} as const;

const listLimits = command({
  path: 'limits list',
  summary: 'List a customer’s own limits',
  description: 'All limits that hold, the plan’s too, are in: subctl customers show.',
  group: 'sell',
  arguments: [customer],
  options: [{ flag: '--all', about: 'those that are over, too' }],
  examples: [
    { command: 'subctl limits list ann', about: 'what holds for ann in place of the plan' },
    { command: 'subctl limits list ann --all --json', about: 'with all that ever held' },
  ],
  exits: [3],
  rows: true,
  asOf: true,
  load: (): Loading => import('./list.ts'),
});

const setLimit = command({
  path: 'limits set',
  summary: 'Give a customer a limit of its own, in place of the plan’s',
  description:
    'It holds from now until --until or for good, through changes of the plan, and needs a --reason. 0 disables.',
  group: 'sell',
  arguments: [
    customer,
    meter,
    window,
    { name: 'limit', kind: 'amount', min: 0, or: ['unlimited'], about: 'a number, or unlimited' },
  ],
  options: [
    { flag: '--until', value: 'time', kind: 'instant', about: 'when the plan’s limit holds again' },
    scope,
  ],
  examples: [
    {
      command: 'subctl limits set ann messages month 5000 --reason "bought extra"',
      about: '5,000 messages a month from now on',
    },
    {
      command: 'subctl limits set ann messages day unlimited --until 2027-01-01 --reason "beta tester"',
      about: 'no limit until New Year',
    },
  ],
  exits: [3, 4],
  rows: true,
  asOf: true,
  writes: true,
  load: (): Loading => import('./set.ts'),
});

const removeLimit = command({
  path: 'limits remove',
  summary: 'End a customer’s own limit: the plan’s holds again',
  group: 'sell',
  arguments: [customer, meter, window],
  options: [scope],
  examples: [
    { command: 'subctl limits remove ann messages month', about: 'the plan’s limit from now on' },
    { command: 'subctl limits remove ann messages day --dry-run', about: 'see what would end' },
  ],
  exits: [3],
  rows: true,
  asOf: true,
  writes: true,
  load: (): Loading => import('./remove.ts'),
});

export type { listLimits, removeLimit, setLimit };

export const limits = [listLimits, setLimit, removeLimit] as const;
