import type { Db } from '../database/connect.ts';
import type { Meter } from './catalogue.ts';
import { findKinds, findMeters } from './find-meters.ts';
import { noSuchMeter } from './no-such-meter.ts';
import { findPlans } from './find-plans.ts';
import { readStandard } from './shipped.ts';

export interface ListedMeter extends Meter {
  /** false: a standard meter that is created when a plan first limits it */
  inUse: boolean;
}

/** Lists the database's meters; with `all` also the standard meters that do not exist yet. */
export async function listMeters(db: Db, { all }: { all: boolean }): Promise<ListedMeter[]> {
  const stored = (await findMeters(db)).map((meter) => ({ ...meter, inUse: true }));
  if (!all) return stored;
  const others = readStandard().meters.filter(({ id }) => !stored.some((meter) => meter.id === id));
  return [...stored, ...others.map((meter) => ({ ...meter, inUse: false }))];
}

export interface ShownMeter extends Meter {
  /** every word that counts here as the kind of an event; null is any */
  words: string[] | null;
  /** current versions that limit it */
  limits: { plan: string; window: string; scope: string; value: string | null }[];
}

/** Shows a meter, the words that count on it, and the plans that limit it. @throws Failure not_found */
export async function showMeter(db: Db, id: string): Promise<ShownMeter> {
  const meters = await findMeters(db);
  const meter = meters.find((each) => each.id === id);
  if (!meter)
    throw noSuchMeter(
      id,
      meters.map((each) => each.id),
    );
  const kinds = await findKinds(db);
  const plans = await findPlans(db);
  return {
    ...meter,
    words:
      meter.kinds && kinds.filter(({ canonical }) => meter.kinds!.includes(canonical)).map((kind) => kind.id),
    limits: plans.flatMap((plan) =>
      plan.version.limits
        .filter((limit) => limit.meter === id)
        .map(({ window, scope, value }) => ({ plan: plan.id, window, scope, value })),
    ),
  };
}
