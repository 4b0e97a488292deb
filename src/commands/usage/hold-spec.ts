import { type Loading, command } from '../command.ts';
import { amountOptions, callOptions, kindOption } from './use-options.ts';

const customer = { name: 'customer', about: 'id of the customer' } as const;
const reservation = { name: 'reservation', about: 'id of the reservation' } as const;
const hold = {
  flag: '--hold',
  value: 'time',
  kind: 'duration',
  min: 1,
  max: 604_800,
  default: 900,
  about: 'for how long: 90s, 15m, 2h, at most 7d (15m)',
} as const;
const common = { group: 'use', rows: true, asOf: true, writes: true } as const;

const reserveUsage = command({
  path: 'usage reserve',
  summary: 'Hold an amount while a call runs, if limits and credits allow it',
  description:
    'What is held counts as used for everybody until it is settled, released, or the time of --hold is over. Refused is exit code 4. A --key names one reservation for ever.',
  ...common,
  arguments: [customer],
  options: [
    kindOption,
    ...amountOptions,
    hold,
    { flag: '--endpoint', value: 'text', about: 'what will be called' },
    { flag: '--key', value: 'key', about: 'names this reservation for ever' },
    { flag: '--partial', about: 'hold as much as fits' },
    { flag: '--metadata', value: 'json', kind: 'json', about: "anything of the application's own" },
  ],
  examples: [
    {
      command: 'subctl usage reserve ann --kind message --quantity 2 --key call-7',
      about: 'two messages are held for 15 minutes',
    },
    {
      command: 'subctl usage reserve ann --kind llm --input-tokens 900 --output-tokens 4000 --hold 5m --json',
      about: 'an estimate of a call, its id for the settlement in the answer',
    },
  ],
  exits: [4, 8],
  load: (): Loading => import('./reserve.ts'),
});

const settleUsage = command({
  path: 'usage settle',
  summary: 'Record what a reservation was held for, at the true amounts',
  description:
    'What is not given is what was reserved. It has happened: beyond a limit it counts as overage. Settled again with the same amounts it gives the same answer, with others it is a conflict (exit code 8). A reservation whose time is over may still be settled.',
  ...common,
  arguments: [customer, reservation],
  options: [
    { flag: '--quantity', value: 'number', kind: 'amount', min: 0, about: 'how many it was' },
    ...amountOptions.filter(({ flag }) => !['--quantity', '--member', '--session'].includes(flag)),
    ...callOptions.filter(({ flag }) =>
      ['--status', '--latency-ms', '--endpoint', '--key', '--metadata'].includes(flag),
    ),
  ],
  examples: [
    {
      command: 'subctl usage settle ann 019b76da-a800-7000-8000-000000000002 --quantity 1',
      about: 'only one image was made',
    },
    {
      command: 'subctl usage settle ann 019b76da-a800-7000-8000-000000000002 --quantity 1 --json',
      about: 'again: the same answer',
    },
  ],
  exits: [3, 4, 7, 8],
  load: (): Loading => import('./settle.ts'),
});

const releaseUsage = command({
  path: 'usage release',
  summary: 'Let go of what a reservation holds: the call was not made',
  description:
    'Nothing is topped up: a reset in between stays as it is. Released again it says the same; a settled one is a conflict (exit code 8), to take the use back there is usage reverse.',
  ...common,
  arguments: [customer, reservation],
  examples: [
    {
      command: 'subctl usage release ann 019b76da-a800-7000-8000-000000000003',
      about: 'the call failed before it began',
    },
    {
      command: 'subctl usage release ann 019b76da-a800-7000-8000-000000000003 --json',
      about: 'again: it says the same',
    },
  ],
  exits: [3, 8],
  load: (): Loading => import('./release.ts'),
});

const reverseUsage = command({
  path: 'usage reverse',
  summary: 'Take a recorded use back, its credits to the very grants they came from',
  description:
    'The event stays, and a row with every amount below zero stands beside it. Windows that are closed get an adjustment; credits whose time is over are gone. Once: asked again it says so. Needs a --reason.',
  ...common,
  arguments: [customer, { name: 'event', about: 'id of the event, as in usage events' }],
  examples: [
    {
      command:
        'subctl usage reverse ann 019b76da-a800-7000-8000-000000000001 --reason "the picture was broken" --dry-run',
      about: 'what would come back',
    },
    {
      command:
        'subctl usage reverse ann 019b76da-a800-7000-8000-000000000001 --reason "the picture was broken"',
      about: 'ann gets back what the use took',
    },
  ],
  exits: [3, 4],
  load: (): Loading => import('./reverse.ts'),
});

const preflightUsage = command({
  path: 'usage preflight',
  summary: 'Say whether a list of uses fits as a whole, and with --reserve hold them all',
  description:
    'All or nothing: each use of the list counts for those after it. The list is a JSON array, NDJSON, or CSV with a line of headings; its fields are those of usage reserve (kind, quantity, provider, model, input_tokens …). Refused is exit code 4, and names the first use that does not fit. Without --reserve nothing is written.',
  ...common,
  arguments: [customer, { name: 'file', about: 'the list, or - for standard input' }],
  options: [
    { flag: '--reserve', about: 'hold all of them, each a reservation of its own' },
    hold,
    { flag: '--key', value: 'key', about: 'names the reservations for ever: key:1, key:2 …' },
  ],
  examples: [
    { command: 'subctl usage preflight ann research.csv', about: 'has ann room for all of it' },
    {
      command: 'subctl usage preflight ann research.json --reserve --hold 1h --json',
      about: 'hold all of it for an hour',
    },
  ],
  exits: [3, 4, 8],
  load: (): Loading => import('./preflight.ts'),
});

export type { preflightUsage, releaseUsage, reserveUsage, reverseUsage, settleUsage };

export const usageHolds = [reserveUsage, settleUsage, releaseUsage, reverseUsage, preflightUsage] as const;
