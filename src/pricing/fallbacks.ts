import { eq } from 'drizzle-orm';
import type { Provider } from '@pydantic/genai-prices';
import { type Change, audit } from '../database/change.ts';
import type { Db } from '../database/connect.ts';
import type { CatalogueProvider } from './catalogue-prices.ts';
import { orm } from '../database/orm.ts';
import { priceFallbacks } from '../database/schema/pricing.ts';
import { findFallbacks } from './find-fallbacks.ts';

/**
 * Takes over from the catalogue whose prices a provider's models have where it has none of its own: azure those of openai, and so on. A
 * fallback goes by the name that it has in the books, of `known`. True where that is another than before.
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
