import { exportCatalogue, exportYaml } from '../../catalog/export-catalogue.ts';
import { findCatalogue } from '../../catalog/find-catalogue.ts';
import { readStandard } from '../../catalog/shipped.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { type Options, verb } from '../verb.ts';

export const command = verb({
  examples: [
    ['subctl plans export > plans.yaml', 'save the catalogue to a file'],
    ['subctl plans export --json', 'the same as JSON'],
  ],
}).option('--json', 'print JSON instead of YAML', false);

/** Prints the catalogue as YAML or JSON. */
export async function run(context: Context, { json }: Options<typeof command>): Promise<Outcome> {
  const catalogue = await findCatalogue(await context.database());
  const standard = readStandard();
  const text = json
    ? `${JSON.stringify(exportCatalogue(catalogue, standard), null, 2)}\n`
    : exportYaml(catalogue, standard);
  return { text };
}
