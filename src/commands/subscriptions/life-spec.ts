import { type Loading, command } from '../command.ts';

const customer = { name: 'customer', about: 'id of the customer' } as const;
const common = { group: 'sell', exits: [3, 4], rows: true, asOf: true, writes: true } as const;

const pauseSubscription = command({
  path: 'subscriptions pause',
  summary: 'Pause a customer’s subscription: no access until it resumes',
  description:
    'While it is paused nothing renews and no money is asked for. With --clock stops, which is usual, the time that was paid for waits: on resuming, the period’s end, the credits and limits that end with it, and the start of coming periods move by the time of the pause. ' +
    'With --clock runs the period ends when it would have; a subscription that renews begins a new period on resuming, one that does not is over at its end.\n\n' +
    'Windows of the calendar (day, month) go on in either case. With --until it resumes by itself at that instant, whether or not a task has run.',
  ...common,
  arguments: [customer],
  options: [
    {
      flag: '--clock',
      value: 'what',
      kind: 'choice',
      choices: ['stops', 'runs'],
      about:
        'what happens to the time that was paid for: stops (it waits, the default) or runs (it goes by; at Stripe always)',
    },
    { flag: '--until', value: 'time', kind: 'instant', about: 'it resumes by itself at this time' },
  ],
  examples: [
    { command: 'subctl subscriptions pause ann', about: 'until somebody resumes it; her time waits' },
    {
      command: 'subctl subscriptions pause ann --until 2099-09-01 --clock runs --dry-run',
      about: 'what a pause until September would do',
    },
  ],
  load: (): Loading => import('./pause.ts'),
});

const resumeSubscription = command({
  path: 'subscriptions resume',
  summary: 'End the pause of a customer’s subscription',
  description:
    'Access is back at once. Where the clock stood still the period’s end moves by the time of the pause, and coming periods are counted from there. Where it ran and the period is over, a new one begins now and is charged as a renewal is.',
  ...common,
  arguments: [customer],
  examples: [
    { command: 'subctl subscriptions resume ann', about: 'ann has her plan again' },
    { command: 'subctl subscriptions resume ann --dry-run --json', about: 'until when it would last' },
  ],
  load: (): Loading => import('./resume.ts'),
});

const reactivateSubscription = command({
  path: 'subscriptions reactivate',
  summary: 'Take back a cancellation that waits for the end of the period',
  description:
    'Until that end nothing has happened yet, and it renews as before. After it the subscription is over: assign the plan anew.',
  ...common,
  arguments: [customer],
  examples: [
    { command: 'subctl subscriptions reactivate ann', about: 'ann stays' },
    {
      command: 'subctl subscriptions reactivate ann --reason "changed her mind"',
      about: 'with a reason for the audit',
    },
  ],
  load: (): Loading => import('./reactivate.ts'),
});

const seatSubscription = command({
  path: 'subscriptions seats',
  summary: 'Change how many seats of its plan a customer has',
  description:
    'Of a plan that is sold by the seat. More are there now, and an invoice asks for the rest of the period by days; with collection by charge the money comes first, and declined everything is as it was. ' +
    'Fewer are from the next period on: until then what was paid for stays, and taking a seat again in the same period costs nothing. Fewer than there are people is refused, with their names. ' +
    'The credits of a period are sized when it begins.\n\n' +
    'A subscription that Stripe owns is changed there: more are charged at once, and fewer hold at once, for Stripe keeps no seats until the period ends; nothing is paid back.',
  ...common,
  exits: [3, 4, 7, 8],
  arguments: [customer, { name: 'seats', kind: 'integer', min: 1, max: 1_000_000, about: 'how many in all' }],
  examples: [
    { command: 'subctl subscriptions seats acme 12', about: 'acme has twelve from now on' },
    { command: 'subctl subscriptions seats acme 12 --dry-run', about: 'what it would come to' },
  ],
  load: (): Loading => import('./seats.ts'),
});

const extendSubscription = command({
  path: 'subscriptions extend',
  summary: 'Give a customer days, or periods at no charge',
  description:
    'With --days the period that runs ends so many days later, on the wall clock of its zone, and so do the credits and limits that end with it; coming periods are counted from the new end. ' +
    'With --complimentary the next periods are renewed as ever, with their credits and limits, and not charged.',
  ...common,
  arguments: [customer],
  options: [
    {
      flag: '--days',
      value: 'days',
      kind: 'integer',
      min: 1,
      max: 3650,
      about: 'how many days the period that runs gets',
    },
    { flag: '--complimentary', about: 'give periods away instead of days' },
    {
      flag: '--periods',
      value: 'number',
      kind: 'integer',
      min: 1,
      max: 120,
      about: 'with --complimentary: how many periods (1)',
    },
  ],
  examples: [
    {
      command: 'subctl subscriptions extend ann --days 7 --reason "outage"',
      about: 'a week more, and later periods begin a week later',
    },
    {
      command: 'subctl subscriptions extend ann --complimentary --periods 2',
      about: 'the next two periods are not charged',
    },
  ],
  load: (): Loading => import('./extend.ts'),
});

export type {
  seatSubscription,
  extendSubscription,
  pauseSubscription,
  reactivateSubscription,
  resumeSubscription,
};

export const subscriptionLife = [
  pauseSubscription,
  resumeSubscription,
  reactivateSubscription,
  seatSubscription,
  extendSubscription,
] as const;
