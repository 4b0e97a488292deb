import { sql } from 'drizzle-orm';
import {
  boolean,
  check,
  foreignKey,
  integer,
  jsonb,
  primaryKey,
  text,
  uniqueIndex,
} from 'drizzle-orm/pg-core';
import { amount, instant, subctl } from '../columns.ts';
import { meters } from './catalog.ts';

/** A plan by its slug. What it contains is in its versions; `current_version` is what new subscribers get. */
export const plans = subctl.table(
  'plans',
  {
    id: text('id').primaryKey(),
    name: text('name').notNull(),
    description: text('description'),
    rank: integer('rank'),
    active: boolean('active').notNull().default(true),
    isDefault: boolean('is_default').notNull().default(false),
    fallback: text('fallback').notNull().default('default'),
    fallbackPlanId: text('fallback_plan_id'),
    currentVersion: integer('current_version').notNull(),
    catalogue: text('catalogue'),
    createdAt: instant('created_at').notNull(),
  },
  (t) => [
    uniqueIndex('plans_one_default')
      .on(t.isDefault)
      .where(sql`is_default`),
    check('plans_id_check', sql`id ~ '^[a-z0-9][a-z0-9_-]*$'`),
    check(
      'plans_length_check',
      sql`length(id) <= 200 and length(name) <= 500 and length(description) <= 2000`,
    ),
    check('plans_fallback_check', sql`fallback in ('plan', 'default', 'none')`),
    check('plans_fallback_plan_check', sql`(fallback = 'plan') = (fallback_plan_id is not null)`),
    check('plans_default_active_check', sql`active or not is_default`),
  ],
);

/** What a plan contains since one of its edits. Never changed once a subscription depends on it. */
export const planVersions = subctl.table(
  'plan_versions',
  {
    planId: text('plan_id').notNull(),
    version: integer('version').notNull(),
    trialDays: integer('trial_days').notNull().default(0),
    graceDays: integer('grace_days').notNull().default(7),
    netDays: integer('net_days').notNull().default(14),
    autoRenew: boolean('auto_renew').notNull().default(true),
    credits: amount('credits'),
    creditsUnlimited: boolean('credits_unlimited').notNull().default(false),
    creditsEvery: text('credits_every'),
    rolloverMax: amount('rollover_max'),
    /** name → true, false, a number (null is unlimited) or a text */
    features: jsonb('features').notNull().default({}),
    allowedModels: text('allowed_models').array(),
    maxUsers: integer('max_users'),
    /** the price and the credits are of one seat: a subscription has so many, and a group so many members */
    perSeat: boolean('per_seat').notNull().default(false),
    usageOnChange: text('usage_on_change').notNull().default('reset'),
    prorationMeter: text('proration_meter'),
    alertThresholds: amount('alert_thresholds').array().notNull().default(['80', '90', '100']),
    /** tokens of a use whose size nobody knows, per model tier; null is none */
    estimatePaid: amount('estimate_paid'),
    estimateFree: amount('estimate_free'),
    extra: jsonb('extra').notNull().default({}),
    createdAt: instant('created_at').notNull(),
    changeId: text('change_id'),
  },
  (t) => [
    primaryKey({ columns: [t.planId, t.version] }),
    foreignKey({ columns: [t.planId], foreignColumns: [plans.id], name: 'plan_versions_plan_fk' }),
    check('plan_versions_version_check', sql`version > 0`),
    check('plan_versions_days_check', sql`trial_days >= 0 and grace_days >= 0 and net_days >= 0`),
    check(
      'plan_versions_credits_check',
      sql`credits >= 0 and not (credits_unlimited and credits is not null)`,
    ),
    check('plan_versions_credits_every_check', sql`credits_every ~ '^[1-9][0-9]{0,3}(d|w|mo|y)$'`),
    check('plan_versions_estimate_check', sql`estimate_paid >= 0 and estimate_free >= 0`),
    check('plan_versions_features_check', sql`jsonb_typeof(features) = 'object'`),
    check('plan_versions_rollover_check', sql`rollover_max >= 0`),
    check('plan_versions_max_users_check', sql`max_users >= 0`),
    check('plan_versions_usage_on_change_check', sql`usage_on_change in ('reset', 'carry')`),
  ],
);

/** What a version costs per interval and currency. A null amount: nobody may pay for it, complimentary only. */
export const planPrices = subctl.table(
  'plan_prices',
  {
    planId: text('plan_id').notNull(),
    version: integer('version').notNull(),
    interval: text('interval').notNull(),
    currency: text('currency').notNull(),
    amount: amount('amount'),
    stripePriceId: text('stripe_price_id'),
  },
  (t) => [
    primaryKey({ columns: [t.planId, t.version, t.interval, t.currency] }),
    foreignKey({
      columns: [t.planId, t.version],
      foreignColumns: [planVersions.planId, planVersions.version],
      name: 'plan_prices_version_fk',
    }),
    check('plan_prices_interval_check', sql`"interval" ~ '^[1-9][0-9]{0,3}(d|w|mo|y)$'`),
    check('plan_prices_currency_check', sql`currency ~ '^[A-Z]{3}$'`),
    check('plan_prices_amount_check', sql`amount >= 0`),
  ],
);

/** Other prices of Stripe's of the same amount: subscriptions on them are the plan's, and nobody new is sold them. */
export const planStripePrices = subctl.table(
  'plan_stripe_prices',
  {
    stripePriceId: text('stripe_price_id').primaryKey(),
    planId: text('plan_id').notNull(),
    version: integer('version').notNull(),
    interval: text('interval').notNull(),
    currency: text('currency').notNull(),
  },
  (t) => [
    foreignKey({
      columns: [t.planId, t.version],
      foreignColumns: [planVersions.planId, planVersions.version],
      name: 'plan_stripe_prices_version_fk',
    }),
  ],
);

/** A version's limit on a meter per window. Null is unlimited, 0 is disabled (R11). */
export const planLimits = subctl.table(
  'plan_limits',
  {
    planId: text('plan_id').notNull(),
    version: integer('version').notNull(),
    meterId: text('meter_id').notNull(),
    window: text('window').notNull(),
    scope: text('scope').notNull().default('customer'),
    limitValue: amount('limit_value'),
    enforcement: text('enforcement').notNull().default('hard'),
    overagePrice: amount('overage_price'),
    overagePer: amount('overage_per'),
  },
  (t) => [
    primaryKey({ columns: [t.planId, t.version, t.meterId, t.window, t.scope] }),
    foreignKey({
      columns: [t.planId, t.version],
      foreignColumns: [planVersions.planId, planVersions.version],
      name: 'plan_limits_version_fk',
    }),
    foreignKey({ columns: [t.meterId], foreignColumns: [meters.id], name: 'plan_limits_meter_fk' }),
    check('plan_limits_value_check', sql`limit_value >= 0`),
    check('plan_limits_scope_check', sql`scope in ('customer', 'member')`),
    check('plan_limits_enforcement_check', sql`enforcement in ('hard', 'soft', 'overage')`),
    check('plan_limits_overage_check', sql`(enforcement = 'overage') = (overage_price is not null)`),
    check('plan_limits_overage_price_check', sql`overage_price >= 0 and overage_per > 0`),
    check(
      'plan_limits_window_check',
      sql`"window" ~ '^(hour|day|week(_(mon|tues|wednes|thurs|fri|satur|sun)day)?|month|year|period|term|lifetime|each|session|every_[1-9][0-9]{0,3}(d|w|mo|y)|rolling_[1-9][0-9]{0,2}(h|d))$'`,
    ),
  ],
);

/** plan_limits, meters and credit costs compiled for the hot path: one row a kind; rebuilt by whoever edits them. */
export const planRules = subctl.table(
  'plan_rules',
  {
    planId: text('plan_id').notNull(),
    version: integer('version').notNull(),
    kind: text('kind').notNull(),
    canonical: text('canonical').notNull(),
    ids: integer('ids').array().notNull(),
    meterIds: text('meter_ids').array().notNull(),
    wins: text('wins').array().notNull(),
    winKinds: text('win_kinds').array().notNull(),
    winNs: integer('win_ns').array().notNull(),
    scopes: text('scopes').array().notNull(),
    lims: amount('lims').array().notNull(),
    modes: text('modes').array().notNull(),
    fields: text('fields').array().notNull(),
    providers: text('providers').array().notNull(),
    models: text('models').array().notNull(),
    tiers: text('tiers').array().notNull(),
    thresholds: amount('thresholds').array().notNull(),
    creditCost: amount('credit_cost'),
    creditsUnlimited: boolean('credits_unlimited').notNull(),
    allowedModels: text('allowed_models').array(),
    estimatePaid: amount('estimate_paid'),
    estimateFree: amount('estimate_free'),
    /** uses of the kind cost nothing at a provider */
    costNone: boolean('cost_none').notNull().default(false),
  },
  (t) => [
    primaryKey({ columns: [t.planId, t.version, t.kind] }),
    foreignKey({
      columns: [t.planId, t.version],
      foreignColumns: [planVersions.planId, planVersions.version],
      name: 'plan_rules_version_fk',
    }),
  ],
);
