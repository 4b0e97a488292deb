import type { Outcome } from '../../terminal/outcome.ts';
import { projectUsage } from '../../usage/project.ts';
import type { InputOf } from '../command.ts';
import type { Context } from '../context.ts';
import { projectionLines, projectionSections } from './project-page.ts';
import type { projectUsage as spec } from './project-spec.ts';

/** Prints where a customer's use is heading, in its own time zone. */
export async function run(context: Context, input: InputOf<typeof spec>): Promise<Outcome> {
  const now = await context.now();
  const { limits, ...found } = await projectUsage(await context.database(), input.customer, {
    now,
    past: context.asOf !== undefined,
  });
  const shown = limits.filter(({ limit, used }) => input.all || limit !== null || used !== '0');
  const projection = { ...found, limits: shown };
  return {
    record: { as_of: now, ...projection },
    timezone: found.timezone,
    title: `Projection of ${input.customer}`,
    sections: projectionSections(projection, now),
    lines: projectionLines(projection),
  };
}
