import type { Outcome } from '../../terminal/outcome.ts';
import { projectUsage } from '../../usage/project.ts';
import type { Context } from '../context.ts';
import { projectionLines, projectionSections } from './project-page.ts';
import { type Options, verb } from '../verb.ts';

export const command = verb({
  examples: [
    ['subctl usage project ann', 'project the limits of ann'],
    ['subctl usage project ann --as-of 2026-03-11 --json', 'the projection as of 11 March'],
  ],
  exits: [3],
  rows: true,
  asOf: true,
})
  .description(
    'For every limit whose window ends, it shows the projected usage at the end at the present rate. ' +
      'It also shows the percentage of the limit and when the limit is reached. 15.75 after ten of ' +
      'thirty days gives 47.25.\n\nThe elapsed share of a window is measured in time from its start to ' +
      'its end. A window needs one day of history; a window under ten days needs a tenth of its ' +
      'length. Before that the result is "not enough history". low and high use the slowest and ' +
      'fastest rate of this window and up to six complete earlier ones. They need three windows.\n\nThe ' +
      'cost is that of the billing period. Credits are projected grant by grant in consumption order, ' +
      'each until it expires, at the rate of the current cycle.',
  )
  .argument('<customer>', 'id of the customer')
  .option('--all', 'include unlimited meters without usage', false);

/** Prints the projection of a customer's usage, in the customer's time zone. */
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
