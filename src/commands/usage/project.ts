import type { Outcome } from '../../terminal/outcome.ts';
import { projectUsage } from '../../usage/project.ts';
import type { Context } from '../context.ts';
import { projectionLines, projectionSections } from './project-page.ts';
import { type Options, verb } from '../verb.ts';

export const command = verb({
  examples: [
    ['subctl usage project ann', 'will ann’s limits last'],
    ['subctl usage project ann --as-of 2026-03-11 --json', 'as it looked on 11 March'],
  ],
  exits: [3],
  rows: true,
  asOf: true,
})
  .description(
    'For every limit whose window has an end: what will be used at its end if the rest goes as it has ' +
      'until now, how much of the limit that is, and when the limit will be reached. 15.75 after ten of ' +
      'thirty days will be 47.25.\n\n' +
      "The share of the window that is over is reckoned in instants, from the window's own start to its " +
      'own end, whatever the calendar month is. Before a day is over (of windows under ten days a ' +
      'tenth) there is not enough history, and that is said in place of a number. low and high are what ' +
      'it would come to at the slowest and the fastest pace of this window and of up to six complete ' +
      'ones before it, where there are three.\n\n' +
      'The cost is that of the billing period. Credits are followed in the order in which they burn, ' +
      'each until it expires, at the pace of the cycle under way.',
  )
  .argument('<customer>', 'id of the customer')
  .option('--all', 'also what is only counted and has not been used', false);

/** Prints where a customer's use is heading, in its own time zone. */
export async function run(
  context: Context,
  customer: string,
  options: Options<typeof command>,
): Promise<Outcome> {
  const now = await context.now();
  const { limits, ...found } = await projectUsage(await context.database(), customer, {
    now,
    past: context.asOf !== undefined,
  });
  const shown = limits.filter(({ limit, used }) => options.all || limit !== null || used !== '0');
  const projection = { ...found, limits: shown };
  return {
    record: { as_of: now, ...projection },
    timezone: found.timezone,
    title: `Projection of ${customer}`,
    sections: projectionSections(projection, now),
    lines: projectionLines(projection),
  };
}
