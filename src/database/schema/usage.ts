import { sql } from 'drizzle-orm';
import {
  boolean,
  check,
  index,
  integer,
  jsonb,
  primaryKey,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import { amount, customerId, instant, subctl } from '../columns.ts';

/**
 * One use with its units and its cost. Partitioned by month of `at`; no foreign key (hot path). The indexes beside the key hold only the
 * events of members and of sessions: a limit that begins in the midst of their window asks what they have used in it.
 */
export const usageEvents = subctl.table(
  'usage_events',
  {
    customerId: customerId(),
    at: instant('at').notNull(),
    id: uuid('id').notNull(),
    recordedAt: instant('recorded_at').notNull(),
    kind: text('kind').notNull(),
    quantity: amount('quantity').notNull(),
    provider: text('provider'),
    model: text('model'),
    tier: text('tier').notNull(),
    inputTokens: amount('input_tokens'),
    outputTokens: amount('output_tokens'),
    cachedTokens: amount('cached_tokens'),
    tokens: amount('tokens'),
    units: jsonb('units'),
    estimated: boolean('estimated').notNull().default(false),
    cost: amount('cost'),
    unpriced: boolean('unpriced').notNull().default(false),
    priceFrom: instant('price_from'),
    /** whose price it is, where that is another provider than the use's own */
    priceProvider: text('price_provider'),
    credits: amount('credits'),
    memberId: text('member_id'),
    sessionId: text('session_id'),
    status: text('status'),
    latencyMs: integer('latency_ms'),
    endpoint: text('endpoint'),
    alreadySpent: boolean('already_spent').notNull().default(false),
    subscriptionId: uuid('subscription_id'),
    planId: text('plan_id'),
    version: integer('version'),
    metadata: jsonb('metadata'),
    result: amount('result').array(),
    /** what others held when it was recorded, which its answer shows: of the credits, then of each limit; null: nobody held anything */
    held: amount('held').array(),
    /** the event that this row takes back, with every amount below zero */
    reverses: uuid('reverses'),
  },
  (t) => [
    primaryKey({ columns: [t.customerId, t.at, t.id] }),
    index('usage_events_member_idx')
      .on(t.customerId, t.memberId, t.at)
      .where(sql`member_id is not null`),
    index('usage_events_session_idx')
      .on(t.customerId, t.sessionId)
      .where(sql`session_id is not null`),
  ],
);

/** Idempotency keys: each names the event whose stored result is the answer (R15). */
export const usageKeys = subctl.table(
  'usage_keys',
  {
    customerId: customerId(),
    key: text('key').notNull(),
    eventAt: instant('event_at').notNull(),
    eventId: uuid('event_id').notNull(),
    content: uuid('content').notNull(),
  },
  (t) => [primaryKey({ columns: [t.customerId, t.key] })],
);

/** A customer's open windows in one row, by the numbers of meter_windows. Holds nothing that events do not. */
export const customerWindows = subctl.table(
  'customer_windows',
  {
    customerId: customerId().primaryKey(),
    subscriptionId: uuid('subscription_id'),
    epoch: integer('epoch').notNull().default(0),
    /** the plan version whose windows these are */
    planId: text('plan_id'),
    version: integer('version'),
    /** until when windows are open that this version does not count, and every use has to look for */
    uncountedUntil: instant('uncounted_until'),
    ids: integer('ids').array().notNull().default([]),
    starts: instant('starts').array().notNull().default([]),
    ends: instant('ends').array().notNull().default([]),
    refused: amount('refused').array().notNull().default([]),
    creditsDueAt: instant('credits_due_at'),
    nextEnd: instant('next_end'),
  },
  (t) => [index('customer_windows_next_end_idx').on(t.nextEnd, t.customerId)],
);

/** Windows that are not open: past ones, those of late events, of members and of sessions. */
export const usageCounters = subctl.table(
  'usage_counters',
  {
    customerId: customerId(),
    meterId: text('meter_id').notNull(),
    window: text('window').notNull(),
    scope: text('scope').notNull(),
    subject: text('subject').notNull().default(''),
    windowStart: instant('window_start').notNull(),
    windowEnd: instant('window_end').notNull(),
    used: amount('used').notNull().default('0'),
    refused: amount('refused').notNull().default('0'),
    limitValue: amount('limit_value'),
    closedAt: instant('closed_at'),
    changeId: text('change_id'),
  },
  (t) => [
    primaryKey({ columns: [t.customerId, t.meterId, t.window, t.scope, t.subject, t.windowStart] }),
    index('usage_counters_open_idx')
      .on(t.windowEnd)
      .where(sql`closed_at is null`),
    check('usage_counters_used_check', sql`used >= 0 and refused >= 0`),
    check('usage_counters_bounds_check', sql`window_start < window_end`),
  ],
);

/** What arrived after a window was closed (R13). */
export const usageAdjustments = subctl.table(
  'usage_adjustments',
  {
    customerId: customerId(),
    id: uuid('id').notNull(),
    meterId: text('meter_id').notNull(),
    window: text('window').notNull(),
    scope: text('scope').notNull(),
    subject: text('subject').notNull().default(''),
    windowStart: instant('window_start').notNull(),
    eventId: uuid('event_id'),
    eventAt: instant('event_at').notNull(),
    amount: amount('amount').notNull(),
    recordedAt: instant('recorded_at').notNull(),
    reason: text('reason').notNull(),
  },
  (t) => [primaryKey({ columns: [t.customerId, t.id] })],
);

/** Running totals of a meter with a rolling window, of the customer (subject '') or a member; one row an instant. */
export const usageRollingTotals = subctl.table(
  'usage_rolling_totals',
  {
    customerId: customerId(),
    meterId: text('meter_id').notNull(),
    subject: text('subject').notNull().default(''),
    at: instant('at').notNull(),
    cum: amount('cum').notNull(),
  },
  (t) => [primaryKey({ columns: [t.customerId, t.meterId, t.subject, t.at] })],
);

/**
 * An amount held while a call runs; counted as used until it is settled, released or expired. `held` says how much on which meter and how
 * many credits, `answer` what the caller was told, `settled` what it was settled with.
 */
export const reservations = subctl.table(
  'reservations',
  {
    customerId: customerId(),
    id: uuid('id').notNull(),
    at: instant('at').notNull(),
    expiresAt: instant('expires_at').notNull(),
    asked: jsonb('asked').notNull(),
    held: jsonb('held').notNull(),
    status: text('status').notNull().default('held'),
    endedAt: instant('ended_at'),
    eventId: uuid('event_id'),
    key: text('key'),
    answer: jsonb('answer'),
    settled: jsonb('settled'),
  },
  (t) => [
    primaryKey({ columns: [t.customerId, t.id] }),
    uniqueIndex('reservations_key').on(t.customerId, t.key),
    index('reservations_held_idx')
      .on(t.customerId)
      .where(sql`status = 'held'`),
    index('reservations_due_idx')
      .on(t.expiresAt)
      .where(sql`status = 'held'`),
  ],
);

/** A threshold reached: once per meter, window start, threshold and limit value (R39). */
export const alerts = subctl.table(
  'alerts',
  {
    customerId: customerId(),
    meterId: text('meter_id').notNull(),
    window: text('window').notNull(),
    scope: text('scope').notNull().default('customer'),
    subject: text('subject').notNull().default(''),
    windowStart: instant('window_start').notNull(),
    threshold: amount('threshold').notNull(),
    limitValue: amount('limit_value').notNull(),
    used: amount('used').notNull(),
    at: instant('at').notNull(),
    eventId: uuid('event_id'),
    readAt: instant('read_at'),
  },
  (t) => [
    primaryKey({
      columns: [
        t.customerId,
        t.meterId,
        t.window,
        t.scope,
        t.subject,
        t.windowStart,
        t.threshold,
        t.limitValue,
      ],
    }),
    index('alerts_at_idx').on(t.at),
  ],
);

/**
 * Files of uses whose import has begun and not come to its end. A use without time and key counts as of when its import began: the same
 * file given again goes on with that time, so that nothing counts twice.
 */
export const usageImports = subctl.table('usage_imports', {
  /** what the first rows are */
  beginning: text('beginning').primaryKey(),
  startedAt: instant('started_at').notNull(),
});
