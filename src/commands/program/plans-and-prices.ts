import { inGroup } from '../program-types.ts';
import { entry } from '../verb.ts';

/** Commands for what is sold. */
export const plansAndPrices = inGroup('sell', {
  plans: {
    summary: 'Plans: prices, limits, features, versions',
    verbs: {
      list: entry('List plans with prices and subscribers', () => import('../plans/list.ts')),
      show: entry(
        'Show a plan with its versions, prices, limits and subscribers',
        () => import('../plans/show.ts'),
      ),
      create: entry('Add a plan', () => import('../plans/create.ts')),
      edit: entry('Change a plan', () => import('../plans/edit.ts')),
      activate: entry('Let new subscribers have a plan', () => import('../plans/activate.ts')),
      deactivate: entry('Close a plan to new subscribers', () => import('../plans/deactivate.ts')),
      load: entry('Load a catalogue of plans from a file or a shipped one', () => import('../plans/load.ts')),
      export: entry(
        'Print the catalogue as a file that plans load reads',
        () => import('../plans/export.ts'),
      ),
      diff: entry('Compare a catalogue with the database', () => import('../plans/diff.ts')),
      migrate: entry(
        "Move the subscribers of a plan's older versions to its current version, or to another version",
        () => import('../plans/migrate.ts'),
      ),
    },
  },
  meters: {
    summary: 'What is counted, and by which kinds of use',
    verbs: {
      list: entry('List what is counted', () => import('../meters/list.ts')),
      show: entry('Show what a meter counts and which plans limit it', () => import('../meters/show.ts')),
      add: entry('Add a meter', () => import('../meters/add.ts')),
    },
  },
  models: {
    summary: 'Models that plans may allow, and their tiers',
    verbs: {
      list: entry(
        'List models that are free, multiplied or have other names',
        () => import('../models/list.ts'),
      ),
      set: entry(
        'Say of models whether they are free, what their tokens weigh and what else they are called',
        () => import('../models/set.ts'),
      ),
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
    summary: 'Prices of models',
    verbs: {
      import: entry(
        'Add prices of providers from a CSV file or the offline catalogue',
        () => import('../pricing/import.ts'),
      ),
      list: entry('List prices of providers', () => import('../pricing/list.ts')),
      set: entry('Add a price by hand', () => import('../pricing/set.ts')),
      history: entry(
        'Show every price that was ever written, by whom and why',
        () => import('../pricing/history.ts'),
      ),
      estimate: entry('Say what a use would cost', () => import('../pricing/estimate.ts')),
      sync: entry('Bring prices up to date with where they came from', () => import('../pricing/sync.ts')),
      unpriced: entry('List uses whose price was not known', () => import('../pricing/unpriced.ts')),
      rerate: entry(
        'Give uses the price that the list has now for their own time',
        () => import('../pricing/rerate.ts'),
      ),
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
