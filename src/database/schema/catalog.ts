import { sql } from 'drizzle-orm';
import { boolean, check, foreignKey, integer, primaryKey, text, unique } from 'drizzle-orm/pg-core';
import { amount, instant, subctl, wholeNumber } from '../columns.ts';

/** How often the catalog has changed, with changes that are not committed yet. Rules of an earlier count are not followed. */
export const catalogGeneration = subctl.sequence('catalog_generation');

/** One row: the count of the newest change that is committed. Rules of a customer are made with it. */
export const catalogState = subctl.table(
  'catalog_state',
  {
    id: boolean('id').primaryKey().default(true),
    generation: wholeNumber('generation')
      .notNull()
      .default(sql`0`),
  },
  () => [check('catalog_state_one_row', sql`id`)],
);

/** Models by provider and glob pattern: free tier, token multiplier, aliases. */
export const models = subctl.table(
  'models',
  {
    provider: text('provider').notNull(),
    pattern: text('pattern').notNull(),
    aliases: text('aliases').array().notNull().default([]),
    freeTier: boolean('free_tier').notNull().default(false),
    multiplier: amount('multiplier').notNull().default('1'),
  },
  (t) => [
    primaryKey({ columns: [t.provider, t.pattern] }),
    check('models_multiplier_check', sql`multiplier > 0`),
  ],
);

/** The kinds of use that are known; an alias counts as its canonical kind. An unknown kind is refused. */
export const kinds = subctl.table(
  'kinds',
  {
    id: text('id').primaryKey(),
    canonical: text('canonical').notNull(),
    /** what its uses cost at a provider: what the prices say, or none; of the canonical kind */
    cost: text('cost').notNull().default('priced'),
  },
  () => [
    check('kinds_id_check', sql`id ~ '^[a-z0-9][a-z0-9_.-]*$'`),
    check('kinds_length_check', sql`length(id) <= 200`),
    check('kinds_cost_check', sql`cost in ('priced', 'none')`),
  ],
);

/** What is counted. Null kinds, providers or models mean any; tier null means free and paid. */
export const meters = subctl.table(
  'meters',
  {
    id: text('id').primaryKey(),
    name: text('name').notNull(),
    kinds: text('kinds').array(),
    providers: text('providers').array(),
    models: text('models').array(),
    tier: text('tier'),
    field: text('field').notNull().default('quantity'),
    aggregation: text('aggregation').notNull().default('sum'),
    unit: text('unit'),
  },
  () => [
    check('meters_id_check', sql`id ~ '^[a-z0-9][a-z0-9_.-]*$'`),
    check('meters_length_check', sql`length(id) <= 200 and length(name) <= 500`),
    check('meters_tier_check', sql`tier in ('free', 'paid')`),
    check(
      'meters_field_check',
      sql`field in ('quantity', 'tokens', 'input', 'output', 'cost', 'bytes', 'characters', 'pages', 'seconds')`,
    ),
    check('meters_aggregation_check', sql`aggregation in ('sum', 'count')`),
  ],
);

/** The stable number of (meter, window, scope) that open windows are kept under; the same in every plan. */
export const meterWindows = subctl.table(
  'meter_windows',
  {
    id: integer('id').primaryKey(),
    meterId: text('meter_id').notNull(),
    window: text('window').notNull(),
    scope: text('scope').notNull(),
  },
  (t) => [
    unique('meter_windows_key').on(t.meterId, t.window, t.scope),
    foreignKey({ columns: [t.meterId], foreignColumns: [meters.id], name: 'meter_windows_meter_fk' }),
    check('meter_windows_scope_check', sql`scope in ('customer', 'member')`),
  ],
);

/** What one use of a kind costs in credits; plan '' is every plan. */
export const creditCosts = subctl.table(
  'credit_costs',
  {
    planId: text('plan_id').notNull().default(''),
    kind: text('kind').notNull(),
    amount: amount('amount').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.planId, t.kind] }),
    check('credit_costs_amount_check', sql`amount > 0 and amount <= 1000`),
  ],
);

/** Discount codes. */
export const discounts = subctl.table(
  'discounts',
  {
    code: text('code').primaryKey(),
    kind: text('kind').notNull(),
    amount: amount('amount').notNull(),
    currency: text('currency'),
    plans: text('plans').array(),
    maxUses: integer('max_uses'),
    maxUsesPerCustomer: integer('max_uses_per_customer'),
    startsAt: instant('starts_at'),
    expiresAt: instant('expires_at'),
    /** how many periods of a subscription one use lowers; null is all of them */
    periods: integer('periods').default(1),
    active: boolean('active').notNull().default(true),
    createdAt: instant('created_at').notNull(),
  },
  () => [
    check('discounts_kind_check', sql`kind in ('percent', 'fixed')`),
    check('discounts_code_check', sql`code ~ '^[A-Z0-9][A-Z0-9_-]{0,63}$'`),
    check('discounts_currency_check', sql`(kind = 'fixed') = (currency is not null)`),
    check('discounts_uses_check', sql`max_uses > 0 and max_uses_per_customer > 0 and periods > 0`),
    check('discounts_amount_check', sql`amount > 0 and (kind <> 'percent' or amount <= 100)`),
  ],
);
