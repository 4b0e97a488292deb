import { boolean, integer, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { amount, customerId, instant, subctl, wholeNumber } from '../columns.ts';

/**
 * What a customer has used in each open window, in the order of `customer_windows.ids`: the row that every recording locks and updates. The
 * generation changes with whatever the customer's rules depend on, so that rules of an earlier one are not followed.
 */
export const usageTotals = subctl.table('usage_totals', {
  customerId: customerId().primaryKey(),
  generation: integer('generation').notNull().default(0),
  used: amount('used').array().notNull().default([]),
  /** until when reservations may hold something; null or past: none does */
  heldUntil: instant('held_until'),
  /**
   * what is in the rolling windows: the instant of the latest use (infinite: it has to be read anew), that at which the first of these uses
   * leaves one of them, that since which meters count that restart; then of each the number of the window (of a running total the number of
   * its meter's first window, below zero), the seconds that it lasts, and how much. Null: no rules follow rolling windows.
   */
  rolled: amount('rolled').array(),
});

/** What all kinds of rules have: how long they hold, where they count, and the words of the answer. */
const keptColumns = () => ({
  kind: text('kind').notNull(),
  catalog: wholeNumber('catalog').notNull(),
  liveFrom: instant('live_from').notNull(),
  liveUntil: instant('live_until').notNull(),
  canonical: text('canonical').notNull(),
  /** per window: its place in the lists of customer_windows; of a rolling one its place in `rolled`, below zero */
  slots: integer('slots').array().notNull(),
  /** per window, what it counts: 1 quantity, 2 uses, 3 tokens, 4 cost, 5 input, 6 output tokens, 0 nothing; null: all the quantity */
  fields: integer('fields').array(),
  /** per window: below this total nothing happens but counting */
  stops: amount('stops').array().notNull(),
  /** per window: its part of the answer up to the total */
  heads: text('heads').array().notNull(),
  /** what the event stores of the windows beside the totals: numbers, limits, starts and ends */
  windows: amount('windows').array().notNull(),
  subscriptionId: uuid('subscription_id'),
  planId: text('plan_id').notNull(),
  version: integer('version').notNull(),
  /** the answer up to the instant of the use */
  opening: text('opening').notNull(),
  /** per window: the hours that a rolling one lasts; null: none of them is rolling */
  spans: integer('spans').array(),
  /** of each meter with a rolling window: itself, the place of its running total in `rolled`, and what it counts (`fields`) */
  marked: text('marked').array(),
});

/** What rules of one customer have. */
const ruleColumns = () => ({
  customerId: customerId(),
  ...keptColumns(),
  generation: integer('generation').notNull(),
  /** what one use costs in credits, and the grant whose turn it is */
  creditCost: amount('credit_cost'),
  grantId: uuid('grant_id'),
});

/** What rules of uses with a price have beside. */
const priceColumns = () => ({
  provider: text('provider').notNull(),
  model: text('model').notNull(),
  /** whether it was made for a use that says its tokens */
  hasTokens: boolean('has_tokens').notNull(),
  usedProvider: text('used_provider'),
  tier: text('tier').notNull(),
  /** per window: its meter, of which a reservation holds */
  meters: text('meters').array().notNull(),
  /** what one input, one cached and one output token cost, and the model's multiplier; null: the card has no such price; none: nobody has a price for it */
  rates: amount('rates').array(),
  priceFrom: instant('price_from'),
  priceProvider: text('price_provider'),
});

/**
 * A cache: what the plan's rules come to for one customer and kind while its windows stay open, so that a plain use only adds and
 * compares. A row holds from `live_from` to `live_until`, in one generation of the customer and one of the catalog. Unlogged: it is empty
 * after a crash, and made again by the next use.
 */
export const customerRules = subctl.table('customer_rules', ruleColumns(), (t) => [
  primaryKey({ columns: [t.customerId, t.kind] }),
]);

/**
 * The same for uses with a provider, a model (as they were asked, '' for none) or tokens: with the rates of the one price card that such a
 * use would be charged by.
 */
export const customerPricedRules = subctl.table(
  'customer_priced_rules',
  { ...ruleColumns(), ...priceColumns() },
  (t) => [primaryKey({ columns: [t.customerId, t.kind, t.provider, t.model] })],
);

/**
 * A cache: what the first use of all of a customer without a subscription came to, for the first uses of others on the same plan in the
 * same zone: their rules, and the windows that open with them, are the same. `tier` and what belongs to it is empty for a plain use.
 * Unlogged, as the rules are.
 */
export const firstUseRules = subctl.table(
  'first_use_rules',
  {
    ...keptColumns(),
    ...priceColumns(),
    timezone: text('timezone').notNull(),
    isPlain: boolean('is_plain').notNull(),
    /** the windows that open: as customer_windows has them */
    ids: integer('ids').array().notNull(),
    starts: instant('starts').array().notNull(),
    ends: instant('ends').array().notNull(),
    /** the state of the rolling windows before any use: as usage_totals has it */
    rolled: amount('rolled').array(),
  },
  (t) => [primaryKey({ columns: [t.timezone, t.kind, t.provider, t.model, t.isPlain, t.hasTokens] })],
);

/**
 * A cache: what a use of one kind, provider and model comes to on one version of a plan, whoever makes it: where a customer has no rules
 * that hold, they are made from it (rules_from_template). `tier` and what belongs to it is empty for a plain use. Unlogged, as the rules are.
 */
export const ruleTemplates = subctl.table(
  'rule_templates',
  {
    planId: text('plan_id').notNull(),
    version: integer('version').notNull(),
    kind: text('kind').notNull(),
    ...priceColumns(),
    isPlain: boolean('is_plain').notNull(),
    catalog: wholeNumber('catalog').notNull(),
    canonical: text('canonical').notNull(),
    /** per window: its number, its name, its kind and how many of it (as plan_rules has them), and whether it restarts with the subscription */
    ids: integer('ids').array().notNull(),
    names: text('names').array().notNull(),
    windowKinds: text('window_kinds').array().notNull(),
    windowCounts: integer('window_counts').array().notNull(),
    restarts: boolean('restarts').array().notNull(),
    /** per window, as customer_rules has it */
    fields: integer('fields').array().notNull(),
    limits: amount('limits').array().notNull(),
    /** per window: the stop of a customer who has used nothing */
    stops: amount('stops').array().notNull(),
    /** per window: its part of the answer up to its bounds */
    heads: text('heads').array().notNull(),
    thresholds: amount('thresholds').array().notNull(),
    /** the answer from the customer's name to the instant of the use */
    opening: text('opening').notNull(),
    creditCost: amount('credit_cost'),
    /** in which time no other price begins */
    pricedFrom: instant('priced_from'),
    pricedUntil: instant('priced_until'),
  },
  (t) => [
    primaryKey({ columns: [t.planId, t.version, t.kind, t.provider, t.model, t.isPlain, t.hasTokens] }),
  ],
);
