import { takeEnvironmentPrices } from '../../pricing/environment-prices.ts';
import { findCatalogueProviders, importCatalogue } from '../../pricing/import-catalogue.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { write } from '../write.ts';
import { importedSections } from './imported.ts';
import { loadCatalogue } from './load-catalogue.ts';
import { verb } from '../verb.ts';

export const command = verb({
  examples: [
    ['subctl pricing sync --dry-run', 'preview the changes'],
    ['subctl pricing sync --json', 'as JSON'],
  ],
  rows: true,
  asOf: true,
  writes: true,
}).description(
  'HUGGINGFACE_INPUT_TOKEN_COST and HUGGINGFACE_OUTPUT_TOKEN_COST (dollars per token) are recorded ' +
    'as dated prices when they change. Providers imported from the offline catalogue get the prices ' +
    'of its present edition. Preview with --dry-run.',
);

/** Updates prices from their sources. */
export async function run(context: Context): Promise<Outcome> {
  const { huggingface } = await context.settings();
  const catalogue = await loadCatalogue();
  const done = await write(context, { action: 'pricing sync', asked: {} }, async (tx, change) => {
    const environment = await takeEnvironmentPrices(tx, change, huggingface);
    const providers = await findCatalogueProviders(tx);
    const imported = await importCatalogue(tx, change, catalogue, providers);
    return { environment, providers, imported, changed: environment.length > 0 || imported.changed };
  });
  const { environment, providers, imported } = done;
  return {
    record: {
      environment,
      providers: providers.map(({ id, name }) => ({ id, name })),
      ...importedSections(imported, context.dryRun).record,
    },
    sections: [
      {
        title: 'Environment',
        columns: [
          { key: 'component' },
          { key: 'before', show: (value) => (value as string | null) ?? 'none' },
          { key: 'amount' },
        ],
        rows: environment.map((price) => ({ ...price })),
        empty: 'No environment prices changed.',
      },
      {
        title: 'Catalogue',
        entries: [
          [
            'providers',
            providers.map(({ name }) => name).join(', ') || 'none: subctl pricing import --catalogue',
          ],
        ],
      },
      ...importedSections(imported, context.dryRun).sections,
    ],
  };
}
