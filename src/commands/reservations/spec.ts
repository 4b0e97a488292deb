import { type Loading, command } from '../command.ts';

const listReservations = command({
  path: 'reservations list',
  summary: 'List what is held while calls run, of one customer or of all',
  description: 'Those that hold something now; the next to end comes first. To hold: usage reserve.',
  group: 'use',
  arguments: [{ name: 'customer', about: 'only of this customer', optional: true }],
  options: [
    { flag: '--all', about: 'those that were settled, released or ran out, too' },
    {
      flag: '--limit',
      value: 'number',
      kind: 'integer',
      min: 1,
      max: 1_000_000,
      default: 100,
      about: 'how many at most (100)',
    },
  ],
  examples: [
    { command: 'subctl reservations list', about: 'everything that is held now' },
    { command: 'subctl reservations list ann --all --json', about: 'with what ann settled and released' },
  ],
  exits: [3],
  rows: true,
  asOf: true,
  load: (): Loading => import('./list.ts'),
});

const releaseReservation = command({
  path: 'reservations release',
  summary: 'Let go of a reservation that nobody will settle',
  description:
    'The same as usage release. One whose time is over holds nothing any more; prune writes that down.',
  group: 'use',
  arguments: [
    { name: 'customer', about: 'id of the customer' },
    { name: 'reservation', about: 'id of the reservation' },
  ],
  examples: [
    {
      command: 'subctl reservations release ann 019b76da-a800-7000-8000-000000000003 --reason "worker died"',
      about: 'ann can use it at once',
    },
    {
      command: 'subctl reservations release ann 019b76da-a800-7000-8000-000000000003 --dry-run',
      about: 'see how it stands',
    },
  ],
  exits: [3, 8],
  rows: true,
  asOf: true,
  writes: true,
  load: (): Loading => import('../usage/release.ts'),
});

export type { listReservations };

export const reservations = [listReservations, releaseReservation] as const;
