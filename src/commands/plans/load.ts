import { loadFrom } from '../../catalog/load-from.ts';
import { openCatalogue } from '../../catalog/open-catalogue.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { InputOf } from '../command.ts';
import type { Context } from '../context.ts';
import { write } from '../write.ts';
import type { loadPlans as spec } from './catalogue-spec.ts';
import { loadedSections, partsOf } from './loaded.ts';

/** Loads a catalogue and says what became of each plan. Warnings go to stderr. */
export async function run(context: Context, input: InputOf<typeof spec>): Promise<Outcome> {
  const { catalogue, preset, update } = input;
  const opened = await openCatalogue(catalogue, { cwd: context.cwd, preset });
  const done = await write(context, { action: 'plans load', asked: { ...input } }, (tx, change) =>
    loadFrom(tx, change, { opened, update }),
  );
  const { plans, changed, priceSources, warnings } = done;
  const sources = priceSources.map((source) => ` --source ${source}`).join('');
  return {
    record: {
      ...{ catalogue: opened.name, changed, dry_run: context.dryRun, plans, ...partsOf(done) },
      ...{ price_sources: priceSources, warnings },
    },
    sections: loadedSections(
      done,
      `Catalogue ${opened.name}${context.dryRun ? ' (not loaded: --dry-run)' : ''}`,
    ),
    notes: [
      ...warnings.map((warning) => `warning: ${warning}`),
      ...(changed ? [] : ['Nothing to change']),
      ...(sources === '' ? [] : [`Its prices are loaded by: subctl pricing import${sources}`]),
    ],
  };
}
