import { boolean, date, integer, jsonb, text, uuid } from 'drizzle-orm/pg-core';
import { amount, customerId, instant, subctl, wholeNumber } from '../columns.ts';

// The views that src selects from. Their text is in drizzle/engine; a test compares names, order and types of the columns with the catalogue.

/** Every row that changes wrote, from the audit log and from the rows that name their change. */
export const auditTrail = subctl
  .view('audit_trail', {
    changeId: text('change_id'),
    customerId: text('customer_id').notNull(),
    entity: text('entity').notNull(),
    entityKey: text('entity_key'),
    before: jsonb('before').$type<Record<string, unknown>>(),
    after: jsonb('after').$type<Record<string, unknown>>(),
    position: integer('position').notNull(),
  })
  .existing();

/** What is to be charged, asked about or refunded at the provider, and when. */
export const dueCharges = subctl
  .view('due_charges', {
    customerId: customerId(),
    subject: uuid('subject').notNull(),
    action: text('action').notNull(),
    reason: text('reason').notNull(),
    dueAt: instant('due_at').notNull(),
  })
  .existing();

/** Subscriptions that end, and when. */
export const dueEnds = subctl
  .view('due_ends', {
    customerId: customerId(),
    subscriptionId: uuid('subscription_id').notNull(),
    action: text('action').notNull(),
    reason: text('reason').notNull(),
    dueAt: instant('due_at').notNull(),
  })
  .existing();

/** Subscriptions whose period ends, and when. */
export const duePeriodRenewals = subctl
  .view('due_period_renewals', {
    customerId: customerId(),
    subscriptionId: uuid('subscription_id').notNull(),
    action: text('action').notNull(),
    reason: text('reason').notNull(),
    dueAt: instant('due_at').notNull(),
  })
  .existing();

/** Windows of whole customers that a customer should have open and does not. */
export const lostWindows = subctl
  .view('lost_windows', {
    customerId: customerId(),
    meterId: text('meter_id').notNull(),
    window: text('window').notNull(),
    scope: text('scope').notNull(),
    subject: text('subject').notNull(),
    starts: amount('starts'),
    ends: amount('ends'),
    restarts: boolean('restarts').notNull(),
  })
  .existing();

/** Payments that succeeded, with what was refunded and lost in disputes. */
export const netPayments = subctl
  .view('net_payments', {
    customerId: customerId(),
    paymentId: uuid('payment_id').notNull(),
    invoiceId: uuid('invoice_id'),
    currency: text('currency').notNull(),
    at: instant('at').notNull(),
    paid: amount('paid').notNull(),
    refunded: amount('refunded').notNull(),
    disputed: amount('disputed').notNull(),
    kept: amount('kept').notNull(),
  })
  .existing();

/** Open windows that have rows of their own: of members, and of rolling limits. */
export const openRows = subctl
  .view('open_rows', {
    customerId: customerId(),
    meterId: text('meter_id').notNull(),
    window: text('window').notNull(),
    scope: text('scope').notNull(),
    subject: text('subject').notNull(),
    windowStart: instant('window_start').notNull(),
    windowEnd: instant('window_end').notNull(),
    used: amount('used').notNull(),
    refused: amount('refused').notNull(),
    personal: boolean('personal').notNull(),
  })
  .existing();

/** Windows that are not closed, wherever they are kept. */
export const openWindows = subctl
  .view('open_windows', {
    customerId: customerId(),
    meterId: text('meter_id').notNull(),
    window: text('window').notNull(),
    scope: text('scope').notNull(),
    subject: text('subject').notNull(),
    windowStart: instant('window_start').notNull(),
    windowEnd: instant('window_end').notNull(),
    used: amount('used').notNull(),
    refused: amount('refused').notNull(),
    personal: boolean('personal').notNull(),
  })
  .existing();

/** Windows that begin before the one before them has ended. */
export const overlappingWindows = subctl
  .view('overlapping_windows', {
    customerId: customerId(),
    meterId: text('meter_id').notNull(),
    window: text('window').notNull(),
    scope: text('scope').notNull(),
    subject: text('subject').notNull(),
    windowStart: instant('window_start').notNull(),
    windowEnd: instant('window_end').notNull(),
    nextStart: instant('next_start'),
  })
  .existing();

/** Windows with what their events add up to. */
export const recountedWindows = subctl
  .view('recounted_windows', {
    customerId: customerId(),
    meterId: text('meter_id').notNull(),
    window: text('window').notNull(),
    scope: text('scope').notNull(),
    subject: text('subject').notNull(),
    windowStart: instant('window_start').notNull(),
    windowEnd: instant('window_end').notNull(),
    used: amount('used').notNull(),
    counted: amount('counted'),
  })
  .existing();

/** Months whose sums of usage hold. */
export const summedMonths = subctl
  .view('summed_months', {
    month: date('month').notNull(),
    fromAt: instant('from_at').notNull(),
    toAt: instant('to_at').notNull(),
  })
  .existing();

/** What was used in each window, open or closed. */
export const windowUsage = subctl
  .view('window_usage', {
    customerId: customerId(),
    meterId: text('meter_id').notNull(),
    window: text('window').notNull(),
    scope: text('scope').notNull(),
    subject: text('subject').notNull(),
    windowStart: instant('window_start').notNull(),
    windowEnd: instant('window_end').notNull(),
    used: amount('used').notNull(),
    refused: amount('refused').notNull(),
    limitValue: amount('limit_value'),
    closedAt: instant('closed_at'),
    adjusted: amount('adjusted').notNull(),
  })
  .existing();

/** Instants at which the running total of a rolling window does not grow as the events say. */
export const wrongRunningTotals = subctl
  .view('wrong_running_totals', {
    customerId: customerId(),
    meterId: text('meter_id').notNull(),
    subject: text('subject').notNull(),
    at: instant('at').notNull(),
    amount: amount('amount'),
    expected: amount('expected'),
  })
  .existing();

/** Plans whose count of live subscriptions differs from the subscriptions. */
export const wrongSubscriptionCounts = subctl
  .view('wrong_subscription_counts', {
    planId: text('plan_id').notNull(),
    live: wholeNumber('live'),
    counted: wholeNumber('counted'),
  })
  .existing();

/** Months whose sums of usage differ from the events. */
export const wrongUsageSums = subctl
  .view('wrong_usage_sums', {
    month: date('month').notNull(),
    summed: text('summed'),
    counted: text('counted'),
  })
  .existing();
