import { inGroup } from '../program-types.ts';
import { entry } from '../verb.ts';

/** Commands for what is sold. */
export const plansAndPrices = inGroup('sell', {
  plans: {
    summary: 'Manage plans: prices, limits, features, versions',
    verbs: {
      list: entry('List plans with prices and subscribers', () => import('../plans/list.ts')),
      show: entry(
        'Show a plan with its versions, prices, limits and subscribers',
        () => import('../plans/show.ts'),
      ),
      create: entry('Create a plan', () => import('../plans/create.ts')),
      edit: entry('Edit a plan', () => import('../plans/edit.ts')),
      activate: entry('Open a plan to new subscribers', () => import('../plans/activate.ts')),
      deactivate: entry('Close a plan to new subscribers', () => import('../plans/deactivate.ts')),
      load: entry(
        'Load plans from a catalogue file or a shipped catalogue',
        () => import('../plans/load.ts'),
      ),
      export: entry('Export the catalogue as YAML or JSON', () => import('../plans/export.ts')),
      diff: entry('Compare a catalogue with the database', () => import('../plans/diff.ts')),
      migrate: entry('Migrate subscribers of a plan to another version', () => import('../plans/migrate.ts')),
    },
  },
  meters: {
    summary: 'Manage meters: what usage is counted',
    verbs: {
      list: entry('List meters', () => import('../meters/list.ts')),
      show: entry('Show what a meter counts and which plans limit it', () => import('../meters/show.ts')),
      add: entry('Add a meter', () => import('../meters/add.ts')),
    },
  },
  models: {
    summary: 'Configure models: tier, token multiplier, aliases',
    verbs: {
      list: entry('List configured models: tier, multiplier, aliases', () => import('../models/list.ts')),
      set: entry('Configure a model: free tier, token multiplier, aliases', () => import('../models/set.ts')),
    },
  },
  'credit-costs': {
    summary: 'Credit costs of usage',
    verbs: {
      list: entry('List credit costs by usage kind and plan', () => import('../credit-costs/list.ts')),
      set: entry('Set the credit cost of a usage kind', () => import('../credit-costs/set.ts')),
    },
  },
  pricing: {
    summary: 'Manage provider and model prices',
    verbs: {
      import: entry(
        'Import prices from a CSV file or the offline catalogue',
        () => import('../pricing/import.ts'),
      ),
      list: entry('List prices', () => import('../pricing/list.ts')),
      set: entry('Set a price', () => import('../pricing/set.ts')),
      history: entry(
        'Show the history of prices, with actor and reason',
        () => import('../pricing/history.ts'),
      ),
      estimate: entry('Estimate the cost of a usage event', () => import('../pricing/estimate.ts')),
      sync: entry('Sync prices with their sources', () => import('../pricing/sync.ts')),
      unpriced: entry('List usage events without a price', () => import('../pricing/unpriced.ts')),
      rerate: entry('Rerate usage events with the current price list', () => import('../pricing/rerate.ts')),
    },
  },
  discounts: {
    summary: 'Discount codes',
    verbs: {
      create: entry('Create a discount code', () => import('../discounts/create.ts')),
      list: entry('List discount codes and their uses', () => import('../discounts/list.ts')),
      deactivate: entry('Deactivate a discount code', () => import('../discounts/deactivate.ts')),
    },
  },
});
