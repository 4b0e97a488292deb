import { sql } from 'drizzle-orm';
import { boolean, check, foreignKey, index, integer, jsonb, primaryKey, text } from 'drizzle-orm/pg-core';
import { amount, customerId, instant, subctl, wholeNumber } from '../columns.ts';
import { customers } from './customers.ts';

/** Inbox of Stripe's webhooks by Stripe's own event id. */
export const stripeEvents = subctl.table(
  'stripe_events',
  {
    id: text('id').primaryKey(),
    type: text('type').notNull(),
    createdAt: instant('created_at').notNull(),
    receivedAt: instant('received_at').notNull(),
    payload: jsonb('payload').notNull(),
    /** of the live mode */
    live: boolean('live').notNull().default(false),
    /** our customer, once it is known */
    customerId: text('customer_id'),
    status: text('status').notNull().default('received'),
    attempts: integer('attempts').notNull().default(0),
    lastError: text('last_error'),
    /** why it was ignored */
    note: text('note'),
    /** null: it is settled, or waits for a person */
    nextTryAt: instant('next_try_at'),
    processedAt: instant('processed_at'),
  },
  (t) => [
    index('stripe_events_open_idx')
      .on(t.receivedAt)
      .where(sql`status in ('received', 'failed')`),
    check('stripe_events_status_check', sql`status in ('received', 'processed', 'ignored', 'failed')`),
  ],
);

/** How often a customer was made what it is at Stripe: what was read before another wrote is not written. */
export const stripeMirrors = subctl.table(
  'stripe_mirrors',
  {
    customerId: customerId(),
    count: wholeNumber('count').notNull(),
    at: instant('at').notNull(),
    /** when all there ever was of it was last compared */
    comparedAt: instant('compared_at'),
    /** the saved way to pay that is charged, as it was last seen; null where there is none */
    methodId: text('method_id'),
    /** `visa`, `sepa_debit` */
    methodBrand: text('method_brand'),
    methodLast4: text('method_last4'),
    /** the first instant at which the card has expired */
    methodExpiresAt: instant('method_expires_at'),
    /** the Stripe customer that was seen to be deleted; a customer linked to another one later has that one */
    deletedId: text('deleted_id'),
  },
  (t) => [
    primaryKey({ columns: [t.customerId] }),
    foreignKey({
      columns: [t.customerId],
      foreignColumns: [customers.id],
      name: 'stripe_mirrors_customer_fk',
    }),
  ],
);

/** Use beyond a limit of a subscription that Stripe owns, which is told to Stripe: what is told once is never told again. */
export const stripeOverages = subctl.table(
  'stripe_overages',
  {
    customerId: customerId(),
    /** the window, and from which unit on */
    sourceKey: text('source_key').notNull(),
    way: text('way').notNull(),
    description: text('description').notNull(),
    /** as Stripe is told it: of a meter event */
    meterId: text('meter_id').notNull(),
    units: amount('units').notNull(),
    amount: amount('amount').notNull(),
    currency: text('currency').notNull(),
    windowStart: instant('window_start').notNull(),
    windowEnd: instant('window_end').notNull(),
    at: instant('at').notNull(),
    /** null: Stripe may not know it yet */
    toldAt: instant('told_at'),
    /** of the invoice item */
    stripeId: text('stripe_id'),
    /** when Stripe refused it for good, and why: it is not told any more */
    failedAt: instant('failed_at'),
    error: text('error'),
    changeId: text('change_id'),
  },
  (t) => [
    primaryKey({ columns: [t.customerId, t.sourceKey] }),
    foreignKey({
      columns: [t.customerId],
      foreignColumns: [customers.id],
      name: 'stripe_overages_customer_fk',
    }),
    index('stripe_overages_untold_idx')
      .on(t.at)
      .where(sql`told_at is null`),
    check('stripe_overages_way_check', sql`way in ('invoice-items', 'meter-events')`),
  ],
);

/** Payments that somebody disputes, and those that Stripe warns of. */
export const disputes = subctl.table(
  'disputes',
  {
    customerId: customerId(),
    id: text('id').notNull(),
    kind: text('kind').notNull(),
    /** the provider's id of the payment */
    providerId: text('provider_id'),
    amount: amount('amount').notNull(),
    currency: text('currency').notNull(),
    reason: text('reason').notNull(),
    status: text('status').notNull(),
    at: instant('at').notNull(),
    /** when it was seen to be closed: won, lost, or a warning that is over */
    closedAt: instant('closed_at'),
  },
  (t) => [
    primaryKey({ columns: [t.customerId, t.id] }),
    foreignKey({ columns: [t.customerId], foreignColumns: [customers.id], name: 'disputes_customer_fk' }),
    check('disputes_kind_check', sql`kind in ('dispute', 'warning')`),
  ],
);
