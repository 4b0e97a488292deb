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
      'what two sources of the shipped list would add',
    ],
    ['subctl pricing import prices.csv --source code --json', 'a file of your own, for a program'],
    [
      'subctl pricing import --catalogue --provider openai --provider google=gemini --dry-run',
      'what two providers of the catalogue would add',
    ],
  ],
  exits: [3],
  rows: true,
  asOf: true,
  writes: true,
})
  .description(
    'With --catalogue it takes the token prices of @pydantic/genai-prices, as they come with this ' +
      'version: nothing is fetched. What the catalogue says without a day holds since ever; when a ' +
      'later edition says otherwise, that holds from now on. A file has the columns provider, model, ' +
      'kind, unit, price_usd, per, effective_from, source and optionally above (the price of prompts ' +
      'that are strictly larger). Without a file it is the price list that comes with subctl. Prices ' +
      'are added, never edited: another price from the same day on is a new revision, and the same file ' +
      'again adds nothing.',
  )
  .argument('[file]', 'a CSV file (the price list that comes with subctl)')
  .option('--source <name>', 'only the rows of this source; several in the order given', many(text()), [])
  .option('--catalogue', 'the offline catalogue in place of a file', false)
  .option(
    '--provider <id>',
    'with --catalogue: only this provider (all), id=name to call it otherwise here',
    many(text()),
    [],
  );

/** Adds the prices of a file or of the catalogue. What was left out goes to stderr. */
export async function run(
  context: Context,
  file: string | undefined,
  options: Options<typeof command>,
): Promise<Outcome> {
  const input = { file, ...options };
  if (input.catalogue) return fromCatalogue(context, input);
  const { source: sources, provider } = input;
  if (provider.length > 0)
    throw new Failure('usage', '--provider goes with --catalogue', {
      hint: 'Of a file, choose with --source',
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
      ...done.leftOut.map((row) => `left out: ${row.provider}/${row.model} ${row.component}: ${row.reason}`),
    ],
  };
}
