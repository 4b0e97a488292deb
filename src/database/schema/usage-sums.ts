import { date, index, integer, primaryKey, text } from 'drizzle-orm/pg-core';
import { amount, instant, subctl, wholeNumber } from '../columns.ts';

/**
 * Months of events (UTC, a partition each) whose days are summed, and which whole days of `timezone` lie in them. What is written to such a
 * month afterwards leaves a mark, and its sums are not read any more (view summed_months). A cache: reports read the events without it.
 */
export const usageSums = subctl.table('usage_sums', {
  month: date('month').primaryKey(),
  timezone: text('timezone').notNull(),
  fromAt: instant('from_at').notNull(),
  toAt: instant('to_at').notNull(),
});

/** The sums of one day's events of a kind, provider, model and plan; what was taken back is taken off. */
export const usageDaySums = subctl.table(
  'usage_day_sums',
  {
    month: date('month').notNull(),
    startsAt: instant('starts_at').notNull(),
    endsAt: instant('ends_at').notNull(),
    kind: text('kind').notNull(),
    provider: text('provider'),
    model: text('model'),
    planId: text('plan_id'),
    uses: integer('uses').notNull(),
    tokens: amount('tokens'),
    cost: amount('cost'),
    unpriced: integer('unpriced').notNull(),
  },
  (t) => [index('usage_day_sums_day_idx').on(t.startsAt)],
);

/** How many customers used something in a calendar month of the settings' zone; it holds while its months of events are summed. */
export const usageActiveCustomers = subctl.table('usage_active_customers', {
  startsAt: instant('starts_at').primaryKey(),
  endsAt: instant('ends_at').notNull(),
  customers: integer('customers').notNull(),
});

/** A transaction that wrote events of a month that was summed. */
export const usageLateMarks = subctl.table(
  'usage_late_marks',
  {
    month: date('month').notNull(),
    transaction: wholeNumber('transaction').notNull(),
  },
  (t) => [primaryKey({ columns: [t.month, t.transaction] })],
);
