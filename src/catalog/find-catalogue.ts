import type { Db } from '../database/connect.ts';
import type { Catalogue } from './catalogue.ts';
import { findCreditCosts, findKinds, findMeters, findModels } from './find-meters.ts';
import { type StoredPlan, findPlans } from './find-plans.ts';

/** The catalogue as the database has it. */
export interface StoredCatalogue extends Catalogue {
  plans: StoredPlan[];
}

/** Everything that is sold, each plan with its current version. */
export async function findCatalogue(db: Db): Promise<StoredCatalogue> {
  return {
    kinds: await findKinds(db),
    meters: await findMeters(db),
    creditCosts: await findCreditCosts(db),
    models: await findModels(db),
    plans: await findPlans(db),
  };
}
