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
    ['subctl plans load sketchmaker --dry-run', 'what a shipped catalogue would add'],
    ['subctl plans load plans.yaml --update', 'bring a file of your own up to date'],
  ],
  exits: [3, 4, 8],
  rows: true,
  asOf: true,
  writes: true,
})
  .description(
    'What is missing is added; what is the same is left alone, so a second load changes nothing; what ' +
      'the file does not have is left alone too. What is there but otherwise is a conflict that names ' +
      'each difference, unless --update is given: then it is changed as plans edit would, and present ' +
      'subscribers stay on their version.',
  )
  .argument(
    '<catalogue>',
    'a YAML or JSON file, or a shipped catalogue: mobix, sketchmaker, omnifin, alwrity …',
  )
  .addOption(presetOption)
  .option('--update', 'change what the database has otherwise', false);

/** Loads a catalogue and says what became of each plan. Warnings go to stderr. */
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
      ...(sources === '' ? [] : [`Its prices are loaded by: subctl pricing import${sources}`]),
    ],
  };
}
