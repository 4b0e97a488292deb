import { sql } from 'drizzle-orm';
import {
  bigint,
  boolean,
  check,
  foreignKey,
  index,
  integer,
  jsonb,
  primaryKey,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import { amount, customerId, instant, subctl } from '../columns.ts';
import { customers } from './customers.ts';
import { planVersions } from './plans.ts';

const anchorZone = sql`anchor_timezone ~ '^(UTC|[A-Za-z]+(/[A-Za-z_-]+)+)$' and ('2000-01-01'::timestamp at time zone anchor_timezone) is not null`;

/** The moves of a subscription's status that are allowed; 'none' is before its first. */
export const statusMoves = subctl.table(
  'status_moves',
  { fromStatus: text('from_status').notNull(), toStatus: text('to_status').notNull() },
  (t) => [primaryKey({ columns: [t.fromStatus, t.toStatus] })],
);

/** The head of a subscription: what it is now. Its past is in its segments. */
export const subscriptions = subctl.table(
  'subscriptions',
  {
    customerId: customerId(),
    id: uuid('id').notNull(),
    status: text('status').notNull(),
    planId: text('plan_id').notNull(),
    version: integer('version').notNull(),
    every: text('every').notNull(),
    currency: text('currency'),
    price: amount('price'),
    quantity: integer('quantity').notNull().default(1),
    collection: text('collection').notNull(),
    anchor: instant('anchor').notNull(),
    anchorTimezone: text('anchor_timezone').notNull(),
    startedAt: instant('started_at').notNull(),
    fromAt: instant('from_at').notNull(),
    currentPeriodStart: instant('current_period_start').notNull(),
    currentPeriodEnd: instant('current_period_end').notNull(),
    trialEnd: instant('trial_end'),
    /** the end of its term, however many periods that is; null where it has none */
    endsAt: instant('ends_at'),
    autoRenew: boolean('auto_renew').notNull(),
    cancelAtPeriodEnd: boolean('cancel_at_period_end').notNull().default(false),
    canceledAt: instant('canceled_at'),
    endedAt: instant('ended_at'),
    pastDueSince: instant('past_due_since'),
    graceUntil: instant('grace_until'),
    /** since when Stripe says that it is unpaid: past due, and without access */
    suspendedAt: instant('suspended_at'),
    pausedAt: instant('paused_at'),
    resumesAt: instant('resumes_at'),
    /** whether the period's end waits for a pause to end, or not */
    pauseClock: text('pause_clock'),
    /** how many of the next periods are given away */
    complimentaryPeriods: integer('complimentary_periods').notNull().default(0),
    pendingPlanId: text('pending_plan_id'),
    pendingVersion: integer('pending_version'),
    pendingEvery: text('pending_every'),
    pendingPrice: amount('pending_price'),
    pendingCollection: text('pending_collection'),
    pendingCurrency: text('pending_currency'),
    /** when the plan changes; null is at the period's end */
    pendingAt: instant('pending_at'),
    /** where the period that runs would have ended, were it not cut short by that change */
    cutFrom: instant('cut_from'),
    /** the seats of the periods that come */
    pendingQuantity: integer('pending_quantity'),
    usageResetAt: instant('usage_reset_at').notNull(),
    epoch: integer('epoch').notNull().default(1),
    stripeSubscriptionId: text('stripe_subscription_id'),
    stripeItemId: text('stripe_item_id'),
    assignedBy: text('assigned_by').notNull(),
    note: text('note'),
    metadata: jsonb('metadata').notNull().default({}),
    changeId: text('change_id'),
  },
  (t) => [
    primaryKey({ columns: [t.customerId, t.id] }),
    foreignKey({
      columns: [t.customerId],
      foreignColumns: [customers.id],
      name: 'subscriptions_customer_fk',
    }),
    foreignKey({
      columns: [t.planId, t.version],
      foreignColumns: [planVersions.planId, planVersions.version],
      name: 'subscriptions_version_fk',
    }),
    uniqueIndex('subscriptions_one_live')
      .on(t.customerId)
      .where(sql`status in ('trialing', 'active', 'past_due', 'paused')`),
    index('subscriptions_due_idx')
      .on(t.currentPeriodEnd, t.customerId)
      .where(sql`status in ('trialing', 'active')`),
    index('subscriptions_resumes_idx')
      .on(t.resumesAt)
      .where(sql`status = 'paused'`),
    index('subscriptions_grace_idx')
      .on(t.graceUntil)
      .where(sql`status = 'past_due'`),
    index('subscriptions_plan_idx').on(t.planId, t.version),
    check(
      'subscriptions_status_check',
      sql`status in ('trialing', 'active', 'past_due', 'paused', 'canceled', 'expired')`,
    ),
    check('subscriptions_every_check', sql`every ~ '^[1-9][0-9]{0,3}(d|w|mo|y)$'`),
    check('subscriptions_price_check', sql`price >= 0 and pending_price >= 0`),
    check('subscriptions_quantity_check', sql`quantity > 0 and pending_quantity > 0`),
    check(
      'subscriptions_collection_check',
      sql`collection in ('free', 'complimentary', 'invoice', 'charge', 'stripe')`,
    ),
    check(
      'subscriptions_money_check',
      sql`collection in ('free', 'complimentary') or (price is not null and currency is not null)`,
    ),
    check('subscriptions_period_check', sql`current_period_start < current_period_end`),
    check('subscriptions_ends_check', sql`current_period_end <= ends_at`),
    check('subscriptions_ended_check', sql`(status in ('canceled', 'expired')) = (ended_at is not null)`),
    check('subscriptions_trial_check', sql`status <> 'trialing' or trial_end is not null`),
    check(
      'subscriptions_past_due_check',
      sql`status <> 'past_due' or (past_due_since is not null and grace_until is not null)`,
    ),
    check('subscriptions_paused_check', sql`(status = 'paused') = (paused_at is not null)`),
    check('subscriptions_clock_check', sql`pause_clock in ('stops', 'runs')`),
    check('subscriptions_resumes_check', sql`resumes_at > paused_at`),
    check('subscriptions_complimentary_check', sql`complimentary_periods >= 0`),
    check('subscriptions_pending_check', sql`(pending_plan_id is null) = (pending_version is null)`),
    check('subscriptions_anchor_timezone_check', anchorZone),
  ],
);

/** How many subscriptions of a plan are live: the sum of its rows. Each statement that changes it adds a row (count_subscriptions). */
export const subscriptionCounts = subctl.table('subscription_counts', {
  id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
  planId: text('plan_id').notNull(),
  subscriptions: integer('subscriptions').notNull(),
});

/** What a subscription was from an instant on, until its next segment: plan version, anchor, status, and why. */
export const subscriptionPhases = subctl.table(
  'subscription_phases',
  {
    customerId: customerId(),
    subscriptionId: uuid('subscription_id').notNull(),
    fromAt: instant('from_at').notNull(),
    previousStatus: text('previous_status').notNull(),
    status: text('status').notNull(),
    planId: text('plan_id').notNull(),
    version: integer('version').notNull(),
    every: text('every').notNull(),
    anchor: instant('anchor').notNull(),
    anchorTimezone: text('anchor_timezone').notNull(),
    /** the period that runs at from_at, as it was known then; later ones follow from the anchor */
    periodStart: instant('period_start'),
    periodEnd: instant('period_end'),
    /** the end moves on with every moment of the pause */
    clockStops: boolean('clock_stops').notNull().default(false),
    /** of a pause: whether the period's end waits for it to be over, or not; null for what is no pause */
    pauseClock: text('pause_clock'),
    cause: text('cause').notNull(),
    reason: text('reason'),
    snapshot: jsonb('snapshot'),
    writtenAt: instant('written_at').notNull(),
    changeId: text('change_id'),
  },
  (t) => [
    primaryKey({ columns: [t.customerId, t.subscriptionId, t.fromAt] }),
    foreignKey({
      columns: [t.previousStatus, t.status],
      foreignColumns: [statusMoves.fromStatus, statusMoves.toStatus],
      name: 'subscription_phases_move_fk',
    }),
    foreignKey({
      columns: [t.planId, t.version],
      foreignColumns: [planVersions.planId, planVersions.version],
      name: 'subscription_phases_version_fk',
    }),
    check('subscription_phases_anchor_timezone_check', anchorZone),
  ],
);

/** An instant from which paid meters count anew, and why. */
export const usageResets = subctl.table(
  'usage_resets',
  {
    customerId: customerId(),
    at: instant('at').notNull(),
    subscriptionId: uuid('subscription_id'),
    cause: text('cause').notNull(),
    reason: text('reason'),
    writtenAt: instant('written_at').notNull(),
    changeId: text('change_id'),
  },
  (t) => [primaryKey({ columns: [t.customerId, t.at] })],
);

/** One attempt to renew one period. */
export const renewals = subctl.table(
  'renewals',
  {
    customerId: customerId(),
    subscriptionId: uuid('subscription_id').notNull(),
    periodStart: instant('period_start').notNull(),
    attempt: integer('attempt').notNull().default(1),
    periodEnd: instant('period_end').notNull(),
    at: instant('at').notNull(),
    outcome: text('outcome').notNull(),
    reason: text('reason'),
    collection: text('collection').notNull(),
    amount: amount('amount'),
    currency: text('currency'),
    invoiceId: uuid('invoice_id'),
    nextTryAt: instant('next_try_at'),
    changeId: text('change_id'),
  },
  (t) => [
    primaryKey({ columns: [t.customerId, t.subscriptionId, t.periodStart, t.attempt] }),
    check(
      'renewals_outcome_check',
      sql`outcome in ('renewed', 'invoiced', 'paid', 'declined', 'pending', 'skipped')`,
    ),
    check('renewals_attempt_check', sql`attempt > 0`),
    check('renewals_period_check', sql`period_start < period_end`),
  ],
);
