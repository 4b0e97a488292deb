import { exportCatalogue, exportYaml } from '../../catalog/export-catalogue.ts';
import { findCatalogue } from '../../catalog/find-catalogue.ts';
import { readStandard } from '../../catalog/shipped.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { InputOf } from '../command.ts';
import type { Context } from '../context.ts';
import type { exportPlans as spec } from './catalogue-spec.ts';

/** Prints the catalogue as YAML or JSON. */
export async function run(context: Context, { json }: InputOf<typeof spec>): Promise<Outcome> {
  const catalogue = await findCatalogue(await context.database());
  const standard = readStandard();
  const text = json
    ? `${JSON.stringify(exportCatalogue(catalogue, standard), null, 2)}\n`
    : exportYaml(catalogue, standard);
  return { text };
}
