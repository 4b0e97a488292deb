import { and, eq, ne } from 'drizzle-orm';
import { type Change, audit } from '../database/change.ts';
import type { Db } from '../database/connect.ts';
import { orm } from '../database/orm.ts';
import { meters, kinds } from '../database/schema/catalog.ts';
import { Failure } from '../domain/failure.ts';
import type { Kind, KindCost, Meter } from './catalogue.ts';
import { describeMeter, meterLabels } from './describe-meter.ts';
import { compareLines, differenceWord } from './differences.ts';

/**
 * Saves a meter, new or in place. Once it has counted something, only its labels may change.
 * @throws Failure refused
 */
export async function saveMeter(
  tx: Db,
  change: Change,
  { existing, meter }: { existing: Meter | undefined; meter: Meter },
): Promise<void> {
  if (existing) await refuseOtherMeaning(tx, existing, meter);
  const { id, name, kinds, providers, models, tier, field, aggregation, unit } = meter;
  const contents = { name, kinds, providers, models, tier, field, aggregation, unit };
  await orm(tx)
    .insert(meters)
    .values({ id, ...contents })
    .onConflictDoUpdate({ target: meters.id, set: contents });
  const before = existing ? describeMeter(existing) : null;
  await audit(tx, change, [{ entity: 'meter', key: meter.id, before, after: describeMeter(meter) }]);
}

async function refuseOtherMeaning(tx: Db, existing: Meter, meter: Meter): Promise<void> {
  const meaning = compareLines(describeMeter(existing), describeMeter(meter)).find(
    ({ what }) => !meterLabels.includes(what),
  );
  if (!meaning || !(await hasCounted(tx, meter.id))) return;
  throw new Failure(
    'refused',
    `Meter ${meter.id} has recorded usage, so what it counts cannot change (${differenceWord(meaning)})`,
    {
      hint: 'Add a new meter: subctl meters add',
    },
  );
}

async function hasCounted(tx: Db, meter: string): Promise<boolean> {
  const rows = await tx<{ counted: boolean }[]>`
    select exists (select from subctl.usage_counters where meter_id = ${meter})
        or exists (select from subctl.customer_windows
                    where ids && (select array_agg(id) from subctl.meter_windows where meter_id = ${meter})) as counted`;
  return rows[0]!.counted;
}

/** Adds missing kinds and returns how many were added. */
export async function addKinds(tx: Db, asked: readonly Kind[]): Promise<number> {
  if (asked.length === 0) return 0;
  const added = await orm(tx)
    .insert(kinds)
    .values(asked.map(({ id, canonical, cost }) => ({ id, canonical, cost })))
    .onConflictDoNothing()
    .returning({ id: kinds.id });
  return added.length;
}

/** Sets whether uses of a kind cost anything at a provider, for all its words. Returns true where that changed. */
export async function setKindCost(tx: Db, canonical: string, cost: KindCost): Promise<boolean> {
  const set = await orm(tx)
    .update(kinds)
    .set({ cost })
    .where(and(eq(kinds.canonical, canonical), ne(kinds.cost, cost)))
    .returning({ id: kinds.id });
  return set.length > 0;
}
