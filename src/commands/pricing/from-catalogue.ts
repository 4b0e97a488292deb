import { Failure } from '../../domain/failure.ts';
import { type CatalogueProvider, edition } from '../../pricing/catalogue-prices.ts';
import { importCatalogue } from '../../pricing/import-catalogue.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { write } from '../write.ts';
import { importedSections } from './imported.ts';
import { loadCatalogue } from './load-catalogue.ts';

/** Imports prices from the offline catalogue, for all providers or the named ones. */
export async function fromCatalogue(
  context: Context,
  { file, source, provider }: { file: string | undefined; source: string[]; provider: string[] },
): Promise<Outcome> {
  if (file !== undefined || source.length > 0)
    throw new Failure('usage', '--catalogue cannot be combined with a file or --source', {
      hint: 'To select prices, use --provider',
    });
  const catalogue = await loadCatalogue();
  const wanted =
    provider.length > 0 ? provider.map(readProvider) : catalogue.map(({ id }) => ({ id, name: id }));
  const request = { action: 'pricing import', asked: { catalogue: edition, provider } };
  const done = await write(context, request, (tx, change) => importCatalogue(tx, change, catalogue, wanted));
  const { record, sections } = importedSections(done, context.dryRun);
  const count = done.leftOut.length;
  return {
    record: { catalogue: edition, ...record },
    sections,
    notes: count > 0 ? [`${count} prices of the catalogue were skipped; --json lists the reasons`] : [],
  };
}

function readProvider(text: string): CatalogueProvider {
  const [id = '', name = id] = text.split('=');
  return { id, name: name || id };
}
