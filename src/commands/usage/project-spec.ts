import { type Loading, command } from '../command.ts';

export const projectUsage = command({
  path: 'usage project',
  summary: 'Show where a customer’s limits, cost and credits are heading',
  description: `For every limit whose window has an end: what will be used at its end if the rest goes as it has until now, how much of the limit that is, and when the limit will be reached. 15.75 after ten of thirty days will be 47.25.

The share of the window that is over is reckoned in instants, from the window's own start to its own end, whatever the calendar month is. Before a day is over (of windows under ten days a tenth) there is not enough history, and that is said in place of a number. low and high are what it would come to at the slowest and the fastest pace of this window and of up to six complete ones before it, where there are three.

The cost is that of the billing period. Credits are followed in the order in which they burn, each until it expires, at the pace of the cycle under way.`,
  group: 'use',
  arguments: [{ name: 'customer', about: 'id of the customer' }],
  options: [{ flag: '--all', about: 'also what is only counted and has not been used' }],
  examples: [
    { command: 'subctl usage project ann', about: 'will ann’s limits last' },
    { command: 'subctl usage project ann --as-of 2026-03-11 --json', about: 'as it looked on 11 March' },
  ],
  exits: [3],
  rows: true,
  asOf: true,
  load: (): Loading => import('./project.ts'),
});
