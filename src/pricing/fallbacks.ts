import { eq } from 'drizzle-orm';
import type { Provider } from '@pydantic/genai-prices';
import { type Change, audit } from '../database/change.ts';
import type { Db } from '../database/connect.ts';
import type { CatalogueProvider } from './catalogue-prices.ts';
import { orm } from '../database/orm.ts';
import { priceFallbacks } from '../database/schema/pricing.ts';
import { findFallbacks } from './find-fallbacks.ts';

/**
 * Stores the catalogue's fallbacks of providers: a provider without a price for a model uses the prices of its fallback, azure those of
 * openai, and so on. A fallback has the provider's name in the database, one of `known`. Returns true where that changed.
 */
export async function importFallbacks(
  tx: Db,
  change: Change,
  {
    catalogue,
    providers,
    known,
  }: {
    catalogue: readonly Provider[];
    providers: readonly CatalogueProvider[];
    known: readonly CatalogueProvider[];
  },
): Promise<boolean> {
  let changed = false;
  for (const { id, name } of providers) {
    const ids = catalogue.find((provider) => provider.id === id)?.fallback_model_providers ?? [];
    if (ids.length === 0) continue;
    const after = ids.map((fallback) => known.find((each) => each.id === fallback)?.name ?? fallback);
    const before = await findFallbacks(tx, name);
    if (before.join() === after.join()) continue;
    changed = true;
    await orm(tx).delete(priceFallbacks).where(eq(priceFallbacks.provider, name));
    await orm(tx)
      .insert(priceFallbacks)
      .values(after.map((fallback, at) => ({ provider: name, position: at + 1, fallback })));
    await audit(tx, change, [
      {
        ...{ entity: 'price_fallbacks', key: name },
        before: before.length === 0 ? null : { fallbacks: before.join(', ') },
        after: { fallbacks: after.join(', ') },
      },
    ]);
  }
  return changed;
}
