import { sql } from 'drizzle-orm';
import { check, integer, jsonb, primaryKey, text } from 'drizzle-orm/pg-core';
import { amount, instant, subctl } from '../columns.ts';

/** What a provider charges for a component of a call, from an instant on. Rows are added, never edited (R25). */
export const prices = subctl.table(
  'prices',
  {
    provider: text('provider').notNull(),
    model: text('model').notNull(),
    component: text('component').notNull(),
    effectiveFrom: instant('effective_from').notNull(),
    revision: integer('revision').notNull().default(1),
    unit: text('unit').notNull(),
    amount: amount('amount').notNull(),
    per: amount('per').notNull().default('1'),
    tiers: jsonb('tiers').notNull().default([]),
    source: text('source').notNull(),
    recordedAt: instant('recorded_at').notNull(),
    changeId: text('change_id'),
  },
  (t) => [
    primaryKey({ columns: [t.provider, t.model, t.component, t.effectiveFrom, t.revision] }),
    check('prices_amount_check', sql`amount >= 0 and per > 0`),
  ],
);

/** prices compiled for the hot path: all components of a model from an instant on. */
export const priceCards = subctl.table(
  'price_cards',
  {
    provider: text('provider').notNull(),
    model: text('model').notNull(),
    effectiveFrom: instant('effective_from').notNull(),
    comps: text('comps').array().notNull(),
    amounts: amount('amounts').array().notNull(),
    pers: amount('pers').array().notNull(),
    tiers: jsonb('tiers').notNull().default({}),
  },
  (t) => [primaryKey({ columns: [t.provider, t.model, t.effectiveFrom] })],
);

/** Whose price a model takes that its provider has no price for: the first of the fallbacks that has one. */
export const priceFallbacks = subctl.table(
  'price_fallbacks',
  {
    provider: text('provider').notNull(),
    position: integer('position').notNull(),
    fallback: text('fallback').notNull(),
  },
  (t) => [primaryKey({ columns: [t.provider, t.position] })],
);
