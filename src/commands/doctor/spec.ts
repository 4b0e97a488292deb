import { type Loading, command } from '../command.ts';

export const doctor = command({
  path: 'doctor',
  summary: 'Look for what is wrong',
  description: `Checks the server, plans, time zones, the timetable, partitions, parked rows, prices and the ledger. Changes nothing.

The exit code is 0 when all is well and 4 when something was found; with 5 and 6 the database could not be examined at all.`,
  group: 'look',
  examples: [
    { command: 'subctl doctor', about: 'is all well?' },
    { command: 'subctl doctor --json', about: 'the same for a monitor' },
  ],
  exits: [4],
  rows: true,
  asOf: true,
  load: (): Loading => import('./examine.ts'),
});
