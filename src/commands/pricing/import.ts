import { Failure } from '../../domain/failure.ts';
import { importPrices } from '../../pricing/import-prices.ts';
import { openPriceList } from '../../pricing/open-price-list.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { InputOf } from '../command.ts';
import type { Context } from '../context.ts';
import { write } from '../write.ts';
import { fromCatalogue } from './from-catalogue.ts';
import { importedSections } from './imported.ts';
import type { importPricing as spec } from './spec.ts';

/** Adds the prices of a file or of the catalogue. What was left out goes to stderr. */
export async function run(context: Context, input: InputOf<typeof spec>): Promise<Outcome> {
  if (input.catalogue) return fromCatalogue(context, input);
  const { file, source: sources, provider } = input;
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
