import { type Loading, command } from '../command.ts';

/** What `create` and `edit` take; what is not given stays as it is, or as it usually is. */
const contents = [
  { flag: '--name', value: 'text', max: 500, about: 'name for people' },
  { flag: '--description', value: 'text', about: 'a sentence about it, or none' },
  {
    flag: '--rank',
    value: 'number',
    about: 'place in the ladder, 0 the lowest, or none: decides what is an upgrade',
  },
  {
    flag: '--price',
    value: 'every=amount',
    many: true,
    about: '1mo=39.00, 1y=390.00EUR, or 1mo=complimentary',
  },
  {
    flag: '--stripe-price',
    value: 'every=id',
    many: true,
    about: 'the Stripe price of a --price: 1mo=price_1Abc',
  },
  {
    flag: '--limit',
    value: 'meter/window=number',
    many: true,
    about: 'messages/day=20, =unlimited, =0 (disabled), =20:soft, =20:overage:0.01/1; messages/day/member=5',
  },
  { flag: '--credits', value: 'number', about: 'per period: 100, 100/1mo, unlimited or none' },
  {
    flag: '--rollover-max',
    value: 'number',
    about: 'unused credits that stay for the next period, at most, or none',
  },
  {
    flag: '--feature',
    value: 'name=value',
    many: true,
    about: 'a feature that it has: sso, projects=10, =unlimited, support=email, api=false',
  },
  {
    flag: '--allow-model',
    value: 'pattern',
    many: true,
    about: 'models that it allows, such as gemini/*; any for all',
  },
  { flag: '--max-users', value: 'number', about: 'seats of a group at most, or none' },
  {
    flag: '--per-seat',
    value: 'word',
    kind: 'choice',
    choices: ['yes', 'no'],
    about: 'whether price and credits are of one seat, of which a subscription has so many',
  },
  { flag: '--trial-days', value: 'days', kind: 'integer', about: 'days of trial' },
  {
    flag: '--grace-days',
    value: 'days',
    kind: 'integer',
    about: 'days of access after an unpaid period (7)',
  },
  { flag: '--net-days', value: 'days', kind: 'integer', about: 'days to pay an invoice (14)' },
  {
    flag: '--auto-renew',
    value: 'word',
    kind: 'choice',
    choices: ['yes', 'no'],
    about: 'whether new subscriptions renew',
  },
  {
    flag: '--usage-on-change',
    value: 'word',
    kind: 'choice',
    choices: ['reset', 'carry'],
    about: 'what a change to this plan does with usage',
  },
  { flag: '--proration-meter', value: 'meter', about: 'the meter that a refund by usage looks at, or none' },
  { flag: '--alert-at', value: 'percents', about: 'when to alert: 80,90,100, or none' },
  { flag: '--default', about: 'give it to those who have no subscription' },
  {
    flag: '--fallback',
    value: 'plan:id',
    about: 'what follows when a subscription ends: plan:<id>, default or none',
  },
] as const;

export const listPlans = command({
  path: 'plans list',
  summary: 'List plans with prices and subscribers',
  group: 'sell',
  options: [{ flag: '--all', about: 'inactive plans too' }],
  examples: [
    { command: 'subctl plans list', about: 'plans that can be had' },
    { command: 'subctl plans list --all --json', about: 'all of them, for a program' },
  ],
  rows: true,
  load: (): Loading => import('./list.ts'),
});

export const showPlan = command({
  path: 'plans show',
  summary: 'Show a plan with its versions, prices, limits and subscribers',
  group: 'sell',
  arguments: [{ name: 'plan', about: 'id of the plan' }],
  options: [{ flag: '--version', value: 'number', kind: 'integer', min: 1, about: 'only this version' }],
  examples: [
    { command: 'subctl plans show pro', about: 'what it contains, and what it contained before' },
    { command: 'subctl plans show pro --version 1 --json', about: 'one version, for a program' },
  ],
  exits: [3],
  rows: true,
  parts: ['versions'],
  load: (): Loading => import('./show.ts'),
});

export const createPlan = command({
  path: 'plans create',
  summary: 'Add a plan',
  description:
    'Meters that a limit names are made when they are standard ones (subctl meters list --all). ' +
    'Where a plan is sold by the month and by the year, limits and credits per period are counted by the month.\n\n' +
    'Without a plan, on a terminal, it asks for the plan, its prices, limits and credits.',
  group: 'sell',
  arguments: [{ name: 'plan', about: 'its slug: small letters, digits, dashes', optional: true }],
  options: contents,
  examples: [
    {
      command: 'subctl plans create team --price 1mo=49.00 --limit messages/day=500',
      about: 'a price and a limit',
    },
    {
      command: 'subctl plans create guest --price 1mo=0 --credits 10 --rank 0 --dry-run',
      about: 'show it, do not make it',
    },
  ],
  exits: [3, 8],
  rows: true,
  writes: true,
  asOf: true,
  load: (): Loading => import('./create.ts'),
});

export const editPlan = command({
  path: 'plans edit',
  summary: 'Change a plan',
  description:
    'Name, rank, default and fallback change at once. What subscriptions depend on is never changed: another price, limit, feature or ' +
    'credit makes a new version, which new subscribers get, and the present ones stay on theirs.',
  group: 'sell',
  arguments: [{ name: 'plan', about: 'id of the plan' }],
  options: [
    ...contents,
    { flag: '--unset-price', value: 'every', many: true, about: 'take a price away: 1y' },
    {
      flag: '--unset-limit',
      value: 'meter/window',
      many: true,
      about: 'take a limit away: messages/day, or messages for all of its windows',
    },
    { flag: '--unset-feature', value: 'name', many: true, about: 'take a feature away' },
  ],
  examples: [
    { command: 'subctl plans edit pro --price 1mo=39.00 --dry-run', about: 'show what a new price would do' },
    {
      command: 'subctl plans edit pro --rank 2 --fallback plan:free',
      about: 'its place, and what follows it',
    },
  ],
  exits: [3, 4, 8],
  rows: true,
  writes: true,
  asOf: true,
  load: (): Loading => import('./edit.ts'),
});

export const activatePlan = command({
  path: 'plans activate',
  summary: 'Let new subscribers have a plan',
  group: 'sell',
  arguments: [{ name: 'plan', about: 'id of the plan' }],
  examples: [
    { command: 'subctl plans activate pro', about: 'it can be had again' },
    { command: 'subctl plans activate pro --dry-run', about: 'only show it' },
  ],
  exits: [3],
  rows: true,
  writes: true,
  asOf: true,
  load: (): Loading => import('./activate.ts'),
});

export const deactivatePlan = command({
  path: 'plans deactivate',
  summary: 'Let nobody new have a plan',
  description:
    'Present subscribers keep it. The default plan stays active: make another one the default first. Plans are never deleted.',
  group: 'sell',
  arguments: [{ name: 'plan', about: 'id of the plan' }],
  examples: [
    { command: 'subctl plans deactivate pro', about: 'nobody new' },
    { command: 'subctl plans deactivate pro --dry-run', about: 'see how many keep it' },
  ],
  exits: [3, 4],
  rows: true,
  writes: true,
  asOf: true,
  load: (): Loading => import('./deactivate.ts'),
});

export const plans = [listPlans, showPlan, createPlan, editPlan, activatePlan, deactivatePlan] as const;
