import type { Db } from '../database/connect.ts';
import type { Catalogue } from './catalogue.ts';
import { findCreditCosts, findKinds, findMeters, findModels } from './find-meters.ts';
import { type StoredPlan, findPlans } from './find-plans.ts';

/** Reads the catalogue from the database. */
export interface StoredCatalogue extends Catalogue {
  plans: StoredPlan[];
}

/** Reads everything that is sold, each plan with its current version. */
export async function findCatalogue(db: Db): Promise<StoredCatalogue> {
  return {
    kinds: await findKinds(db),
    meters: await findMeters(db),
    creditCosts: await findCreditCosts(db),
    models: await findModels(db),
    plans: await findPlans(db),
  };
}
