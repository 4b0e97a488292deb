import { type Loading, command } from '../command.ts';

const listAlerts = command({
  path: 'alerts list',
  summary: 'List the thresholds that customers have reached',
  group: 'use',
  options: [
    { flag: '--customer', value: 'customer', about: 'only of this customer' },
    { flag: '--meter', value: 'meter', about: 'only of this meter' },
    { flag: '--unread', about: 'only those that nobody has marked as read' },
    { flag: '--from', value: 'time', kind: 'instant', about: 'from this instant on' },
    {
      flag: '--limit',
      value: 'number',
      kind: 'integer',
      min: 1,
      max: 1_000_000,
      default: 1000,
      about: 'at most so many',
    },
  ],
  examples: [
    { command: 'subctl alerts list --customer ann', about: 'all of ann’s' },
    { command: 'subctl alerts list --unread --json', about: 'what nobody has seen yet' },
  ],
  rows: true,
  load: (): Loading => import('./list.ts'),
});

const readAlerts = command({
  path: 'alerts read',
  summary: 'Mark the alerts of a customer as read',
  group: 'use',
  arguments: [{ name: 'customer', about: 'id of the customer' }],
  options: [
    { flag: '--meter', value: 'meter', about: 'only of this meter' },
    {
      flag: '--until',
      value: 'time',
      kind: 'instant',
      about: 'only those up to this instant; now unless said',
    },
  ],
  examples: [
    { command: 'subctl alerts read ann', about: 'all of them' },
    { command: 'subctl alerts read ann --meter messages --json', about: 'those of one meter' },
  ],
  exits: [3],
  rows: true,
  asOf: true,
  writes: true,
  load: (): Loading => import('./read.ts'),
});

export const alerts = [listAlerts, readAlerts] as const;
export type Specs = { list: typeof listAlerts; read: typeof readAlerts };
