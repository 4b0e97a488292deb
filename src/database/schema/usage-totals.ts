import { bigint, boolean, integer, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { amount, customerId, instant, subctl } from '../columns.ts';

/**
 * What a customer has used in each open window, in the order of `usage_state.ids`: the row that every recording locks and updates. The
 * generation changes with whatever the customer's rules depend on, so that rules of an earlier one are not followed.
 */
export const usageTotals = subctl.table('usage_totals', {
  customerId: customerId().primaryKey(),
  generation: integer('generation').notNull().default(0),
  used: amount('used').array().notNull().default([]),
});

/**
 * A cache: what the plan's rules come to for one customer, kind, provider and model while its windows stay open, so that a plain use only
 * adds and compares. A row holds from `live_from` to `live_until`, in one generation of the customer and one of the catalog. Unlogged: it
 * is empty after a crash, and made again by the next use.
 */
export const customerRules = subctl.table(
  'customer_rules',
  {
    customerId: customerId(),
    kind: text('kind').notNull(),
    provider: text('provider').notNull().default(''),
    model: text('model').notNull().default(''),
    generation: integer('generation').notNull(),
    catalog: bigint('catalog', { mode: 'number' }).notNull(),
    liveFrom: instant('live_from').notNull(),
    liveUntil: instant('live_until').notNull(),
    /** the kind and the place of each window in the lists of usage_state */
    canonical: text('canonical').notNull(),
    slots: integer('slots').array().notNull(),
    /** per window: 1 where it counts what a plain use is, 0 where it counts something else */
    counts: amount('counts').array().notNull(),
    /** per window: below this total nothing happens but counting; null limits are unlimited */
    stops: amount('stops').array().notNull(),
    limits: amount('limits').array().notNull(),
    /** per window: its part of the answer up to the total */
    heads: text('heads').array().notNull(),
    /** what the event stores of the windows beside the totals */
    windows: amount('windows').array().notNull(),
    subscriptionId: uuid('subscription_id'),
    planId: text('plan_id').notNull(),
    version: integer('version').notNull(),
    /** the answer up to the instant of the use */
    opening: text('opening').notNull(),
    /** some window counts uses, so that the rules hold for a quantity of 1 */
    onlyOne: boolean('only_one').notNull(),
  },
  (t) => [primaryKey({ columns: [t.customerId, t.kind, t.provider, t.model] })],
);
