import type { Db } from '../database/connect.ts';
import type { CreditCost, Kind, Meter, ModelEntry } from './catalogue.ts';

/** Finds every meter, by id. */
export async function findMeters(db: Db): Promise<Meter[]> {
  return db<Meter[]>`
    select id, name, kinds, providers, models, tier, field, aggregation, unit from subctl.meters order by id collate "C"`;
}

/** Finds every kind and its aliases, canonical kinds first. */
export async function findKinds(db: Db): Promise<Kind[]> {
  return db<Kind[]>`select id, canonical, cost from subctl.kinds order by id <> canonical, id collate "C"`;
}

/** Finds what uses cost on every plan. */
export async function findCreditCosts(db: Db): Promise<CreditCost[]> {
  return db<
    CreditCost[]
  >`select kind, amount from subctl.credit_costs where plan_id = '' order by kind collate "C"`;
}

/** Finds every model entry, by provider and pattern. */
export async function findModels(db: Db): Promise<ModelEntry[]> {
  return db<ModelEntry[]>`
    select provider, pattern, aliases, free_tier as "freeTier", multiplier from subctl.models
     order by provider collate "C", pattern collate "C"`;
}
