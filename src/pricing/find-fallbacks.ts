import type { Db } from '../database/connect.ts';

/** Reads the providers whose prices apply where a provider has none, in their order. */
export async function findFallbacks(db: Db, provider: string): Promise<string[]> {
  const rows = await db<{ fallback: string }[]>`
    select fallback from subctl.price_fallbacks where provider = ${provider} order by position`;
  return rows.map(({ fallback }) => fallback);
}
