import { Failure } from '../../domain/failure.ts';
import { importPrices } from '../../pricing/import-prices.ts';
import { openPriceList } from '../../pricing/open-price-list.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { write } from '../write.ts';
import { fromCatalogue } from './from-catalogue.ts';
import { importedSections } from './imported.ts';
import { type Options, verb } from '../verb.ts';
import { many, text } from '../readers.ts';

export const command = verb({
  examples: [
    [
      'subctl pricing import --source code-old --source code --dry-run',
      'preview two sources of the shipped price list',
    ],
    ['subctl pricing import prices.csv --source code --json', 'import your own file, with JSON output'],
    [
      'subctl pricing import --catalogue --provider openai --provider google=gemini --dry-run',
      'preview two providers of the offline catalogue',
    ],
  ],
  exits: [3],
  rows: true,
  asOf: true,
  writes: true,
})
  .description(
    'With --catalogue it imports the token prices of @pydantic/genai-prices as shipped with this ' +
      'version; nothing is fetched. A catalogue price without a date applies to all time. When a later ' +
      'edition changes it, the new price applies from now on.\n\nA file has the columns provider, model, ' +
      'kind, unit, price_usd, per, effective_from, source and optionally above (the price of prompts ' +
      'strictly larger than that).\n\nPrices are added, never edited. Another price from the same day on ' +
      'is a new revision. Importing the same file again adds nothing.',
  )
  .argument('[file]', 'a CSV file (default: the price list shipped with subctl)')
  .option('--source <name>', 'only rows of this source, in the order given', many(text()), [])
  .option('--catalogue', 'use the offline catalogue instead of a file', false)
  .option(
    '--provider <id>',
    'with --catalogue: only this provider (default: all); id=name renames it',
    many(text()),
    [],
  );

/** Imports prices from a file or the catalogue. Rows that are skipped are listed on stderr. */
export async function run(
  context: Context,
  file: string | undefined,
  options: Options<typeof command>,
): Promise<Outcome> {
  const input = { file, ...options };
  if (input.catalogue) return fromCatalogue(context, input);
  const { source: sources, provider } = input;
  if (provider.length > 0)
    throw new Failure('usage', '--provider requires --catalogue', {
      hint: 'To select rows of a file, use --source',
    });
  const list = await openPriceList(file, context.cwd);
  const request = { action: 'pricing import', asked: { file: list.file, sources } };
  const done = await write(context, request, (tx, change) => importPrices(tx, change, { ...list, sources }));
  const { record, sections } = importedSections(done, context.dryRun);
  return {
    record: { file: list.file, ...record },
    sections,
    notes: [
      ...done.warnings.map((warning) => `warning: ${warning}`),
      ...done.leftOut.map((row) => `skipped: ${row.provider}/${row.model} ${row.component}: ${row.reason}`),
    ],
  };
}
