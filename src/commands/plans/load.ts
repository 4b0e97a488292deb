import { loadFrom } from '../../catalog/load-from.ts';
import { openCatalogue } from '../../catalog/open-catalogue.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { write } from '../write.ts';
import { loadedSections, partsOf } from './loaded.ts';
import { type Options, verb } from '../verb.ts';
import { presetOption } from './options.ts';

export const command = verb({
  examples: [
    ['subctl plans load sketchmaker --dry-run', 'preview what a shipped catalogue adds'],
    ['subctl plans load plans.yaml --update', 'update plans from your own file'],
  ],
  exits: [3, 4, 8],
  rows: true,
  asOf: true,
  writes: true,
})
  .description(
    'Missing plans are added. Plans that match the file, and plans that the file does not contain, ' +
      'are not changed. A plan that differs is a conflict; every difference is listed. With --update ' +
      'it is changed as plans edit does, and existing subscribers keep their version.',
  )
  .argument(
    '<catalogue>',
    'a YAML or JSON file, or a shipped catalogue: mobix, sketchmaker, omnifin, alwrity …',
  )
  .addOption(presetOption)
  .option('--update', 'update plans that differ from the catalogue', false);

/** Loads a catalogue and reports the action for each plan. Warnings go to stderr. */
export async function run(
  context: Context,
  catalogue: string,
  options: Options<typeof command>,
): Promise<Outcome> {
  const input = { catalogue, ...options };
  const { preset, update } = input;
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
      ...(sources === '' ? [] : [`To load its prices: subctl pricing import${sources}`]),
    ],
  };
}
