import type { Db } from '../database/connect.ts';
import { type Entitlements, getEntitlements } from '../subscriptions/entitlements.ts';
import type { DatabaseSession } from './database-session.ts';
import type { CacheOptions } from './options.ts';
import { isAway } from './record-many.ts';

interface Entry {
  found: Promise<Entitlements>;
  catalogue: string;
  /** from then on it is asked for again; milliseconds since 1970 */
  until: number;
}

export interface Lookups {
  /** What the customer has now, or has had a moment ago. */
  entitlements(customer: string): Promise<Entitlements>;
}

/** Asks the database each time. */
export function openLookups(database: DatabaseSession): Lookups {
  return { entitlements: (customer) => database.ask((db) => getEntitlements(db, customer, null)) };
}

/**
 * Keeps what customers have for a while: never beyond the end of their period, and never after the catalogue has changed, which is looked at
 * every so often by one question for all of them. Limits and what is used of them are never kept. `servesStale`: while the database is away, what is
 * known is better than nothing.
 */
export function openCache(
  database: DatabaseSession,
  { milliseconds = 5_000, catalogueMs = 1_000, customers = 10_000 }: CacheOptions,
  servesStale: boolean,
): Lookups {
  const asked = openLookups(database);
  const entries = new Map<string, Entry>();
  let catalogue: Promise<string> | undefined;
  let lookAgainAt = 0;

  function version(now: number): Promise<string> {
    if (catalogue && now < lookAgainAt) return catalogue;
    lookAgainAt = now + catalogueMs;
    return (catalogue = database.ask(readCatalogueVersion));
  }

  async function entitlements(customer: string): Promise<Entitlements> {
    const entry = entries.get(customer);
    try {
      const current = await version(Date.now());
      if (entry && entry.catalogue === current && Date.now() < entry.until) return await entry.found;
      return await ask(customer, current);
    } catch (error) {
      lookAgainAt = 0;
      if (servesStale && entry && isAway(error)) return entry.found;
      throw error;
    }
  }

  async function ask(customer: string, current: string): Promise<Entitlements> {
    const entry: Entry = {
      ...{ found: asked.entitlements(customer), catalogue: current, until: Date.now() + milliseconds },
    };
    const before = entries.get(customer);
    entries.delete(customer); // the one that was asked for longest ago goes first
    entries.set(customer, entry);
    if (entries.size > customers) entries.delete(entries.keys().next().value!);
    try {
      const { period_end: end, ends_at: last } = await entry.found;
      for (const at of [end, last]) if (at) entry.until = Math.min(entry.until, Date.parse(at));
      return await entry.found;
    } catch (error) {
      entries.delete(customer);
      if (before && isAway(error)) entries.set(customer, before);
      throw error;
    }
  }

  return { entitlements };
}

/** A text that changes when plans or their features do. The tables are small, and it is asked once for all customers. */
async function readCatalogueVersion(db: Db): Promise<string> {
  const [row] = await db<[{ version: string }]>`
    select md5(concat((select string_agg(p::text, '' order by p.id) from subctl.plans p),
                      (select string_agg(concat(v.plan_id, v.version, v.features), '' order by v.plan_id, v.version) from subctl.plan_versions v))) as version`;
  return row.version;
}
