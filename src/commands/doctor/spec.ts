import { type Loading, command } from '../command.ts';

export const doctor = command({
  path: 'doctor',
  summary: 'Look for what is wrong, prove the books, repair what can be derived',
  description: `Checks the server, plans, time zones, the timetable, partitions, parked rows, prices and the ledger.

With --deep it also proves the books from their sources and trusts no figure that could be counted again: credits from the ledger, every window and running total from the events, periods and history from the anchors, invoices from their lines, costs from the prices, and what is compiled from what it was compiled from. Each proof is one statement; in a large database that takes minutes. How often a use was refused is kept nowhere else and cannot be proved.

With --repair what can be derived is built again: windows and running totals from the events, what is left of grants from the ledger, compiled rules and price cards, missing rows of customers. Events, the ledger, invoices and history are the sources: they are never changed, and what is wrong with them stays on the list.

The exit code is 0 when all is well and 4 when something is found that was not repaired; with 5 and 6 the database could not be examined at all.`,
  group: 'look',
  options: [
    { flag: '--deep', about: 'prove the books from their sources' },
    { flag: '--repair', about: 'build again what can be derived; proves the books before and after' },
  ],
  examples: [
    { command: 'subctl doctor', about: 'is all well?' },
    { command: 'subctl doctor --deep --json', about: 'prove the books, for a monitor' },
    { command: 'subctl doctor --repair --dry-run', about: 'what could be repaired, and what not?' },
  ],
  exits: [4],
  rows: true,
  asOf: true,
  writes: true,
  load: (): Loading => import('./examine.ts'),
});
