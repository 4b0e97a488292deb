import { sql } from 'drizzle-orm';
import {
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
import { amount, customerId, instant, subctl, wholeNumber } from '../columns.ts';
import { discounts } from './catalog.ts';
import { customers } from './customers.ts';
import { plans } from './plans.ts';

/** What a customer owes for something, exact in its currency. */
export const invoices = subctl.table(
  'invoices',
  {
    customerId: customerId(),
    id: uuid('id').notNull(),
    number: text('number').notNull(),
    sourceKey: text('source_key').notNull(),
    subscriptionId: uuid('subscription_id'),
    /** the plan of its period and how often that is paid, whatever the subscription becomes; null where it is for no plan */
    planId: text('plan_id'),
    every: text('every'),
    status: text('status').$type<'open' | 'paid' | 'void' | 'uncollectible'>().notNull(),
    currency: text('currency').notNull(),
    total: amount('total').notNull(),
    /** of the total, what the customer's balance at the provider settled; below 0 where it was put on that balance */
    balance: amount('balance').notNull().default('0'),
    /** of the total, what credit notes took off before it was paid */
    creditNotes: amount('credit_notes').notNull().default('0'),
    /** of the total, what was paid outside of the provider */
    outOfBand: amount('out_of_band').notNull().default('0'),
    periodStart: instant('period_start'),
    periodEnd: instant('period_end'),
    issuedAt: instant('issued_at').notNull(),
    dueAt: instant('due_at'),
    paidAt: instant('paid_at'),
    voidedAt: instant('voided_at'),
    /** when the next attempt to charge it is due; null while one is under way, and where nothing is charged */
    collectAt: instant('collect_at'),
    stripeInvoiceId: text('stripe_invoice_id'),
    changeId: text('change_id'),
  },
  (t) => [
    primaryKey({ columns: [t.customerId, t.id] }),
    foreignKey({ columns: [t.customerId], foreignColumns: [customers.id], name: 'invoices_customer_fk' }),
    foreignKey({ columns: [t.planId], foreignColumns: [plans.id], name: 'invoices_plan_fk' }),
    uniqueIndex('invoices_source_key').on(t.customerId, t.sourceKey),
    uniqueIndex('invoices_number_key').on(t.customerId, t.number),
    index('invoices_number_idx').on(t.number),
    index('invoices_subscription_idx')
      .on(t.customerId, t.subscriptionId, t.dueAt)
      .where(sql`status = 'open'`),
    index('invoices_collect_idx')
      .on(t.collectAt)
      .where(sql`collect_at is not null`),
    index('invoices_due_idx')
      .on(t.dueAt)
      .where(sql`status = 'open'`),
    check('invoices_status_check', sql`status in ('open', 'paid', 'void', 'uncollectible')`),
    check('invoices_currency_check', sql`currency ~ '^[A-Z]{3}$'`),
    check('invoices_paid_check', sql`(status = 'paid') = (paid_at is not null)`),
    check('invoices_void_check', sql`(status = 'void') = (voided_at is not null)`),
    check('invoices_collect_check', sql`collect_at is null or status = 'open'`),
  ],
);

/** The lines of an invoice; their sum is its total. */
export const invoiceLines = subctl.table(
  'invoice_lines',
  {
    customerId: customerId(),
    invoiceId: uuid('invoice_id').notNull(),
    position: integer('position').notNull(),
    kind: text('kind').notNull(),
    description: text('description').notNull(),
    quantity: amount('quantity').notNull().default('1'),
    unitAmount: amount('unit_amount').notNull(),
    amount: amount('amount').notNull(),
    periodStart: instant('period_start'),
    periodEnd: instant('period_end'),
    details: jsonb('details'),
    /** of what may be charged once, whatever invoice it is on: use beyond a limit */
    sourceKey: text('source_key'),
  },
  (t) => [
    primaryKey({ columns: [t.customerId, t.invoiceId, t.position] }),
    uniqueIndex('invoice_lines_source_key').on(t.customerId, t.sourceKey),
    foreignKey({
      columns: [t.customerId, t.invoiceId],
      foreignColumns: [invoices.customerId, invoices.id],
      name: 'invoice_lines_invoice_fk',
    }),
  ],
);

/** Money that was tried, taken or given back; minor units of the currency beside the exact amount. */
export const payments = subctl.table(
  'payments',
  {
    customerId: customerId(),
    id: uuid('id').notNull(),
    invoiceId: uuid('invoice_id'),
    provider: text('provider').notNull(),
    /** ours, unique for ever: what a person gave, or the key of an attempt to charge */
    reference: text('reference').notNull(),
    /** the provider's own id, once it is known; attempts at one invoice share it */
    providerId: text('provider_id'),
    status: text('status').notNull(),
    amount: amount('amount').notNull(),
    amountMinor: wholeNumber('amount_minor').notNull(),
    refundedMinor: wholeNumber('refunded_minor')
      .notNull()
      .default(sql`0`),
    currency: text('currency').notNull(),
    attempt: integer('attempt').notNull().default(1),
    at: instant('at').notNull(),
    error: text('error'),
    /** when the provider is asked again how it stands */
    askAt: instant('ask_at'),
    details: jsonb('details'),
    changeId: text('change_id'),
  },
  (t) => [
    primaryKey({ columns: [t.customerId, t.id] }),
    index('payments_invoice_idx').on(t.customerId, t.invoiceId),
    index('payments_reference_idx').on(t.provider, t.reference),
    index('payments_provider_id_idx').on(t.providerId),
    index('payments_ask_idx')
      .on(t.askAt)
      .where(sql`ask_at is not null`),
    foreignKey({ columns: [t.customerId], foreignColumns: [customers.id], name: 'payments_customer_fk' }),
    foreignKey({
      columns: [t.customerId, t.invoiceId],
      foreignColumns: [invoices.customerId, invoices.id],
      name: 'payments_invoice_fk',
    }),
    uniqueIndex('payments_reference_key').on(t.customerId, t.provider, t.reference),
    check(
      'payments_status_check',
      sql`status in ('intended', 'processing', 'requires_action', 'paid', 'declined', 'refunded', 'partially_refunded')`,
    ),
    check(
      'payments_amount_check',
      sql`amount >= 0 and amount_minor >= 0 and refunded_minor between 0 and amount_minor`,
    ),
  ],
);

/** Money given back of a payment; what is intended or under way holds its amount. */
export const refunds = subctl.table(
  'refunds',
  {
    customerId: customerId(),
    id: uuid('id').notNull(),
    paymentId: uuid('payment_id').notNull(),
    provider: text('provider').notNull(),
    reference: text('reference').notNull(),
    providerId: text('provider_id'),
    status: text('status').notNull(),
    amount: amount('amount').notNull(),
    amountMinor: wholeNumber('amount_minor').notNull(),
    currency: text('currency').notNull(),
    at: instant('at').notNull(),
    reason: text('reason'),
    error: text('error'),
    changeId: text('change_id'),
  },
  (t) => [
    primaryKey({ columns: [t.customerId, t.id] }),
    foreignKey({
      columns: [t.customerId, t.paymentId],
      foreignColumns: [payments.customerId, payments.id],
      name: 'refunds_payment_fk',
    }),
    uniqueIndex('refunds_reference_key').on(t.customerId, t.provider, t.reference),
    index('refunds_open_idx')
      .on(t.at)
      .where(sql`status in ('intended', 'pending')`),
    check('refunds_status_check', sql`status in ('intended', 'pending', 'refunded', 'failed')`),
    check('refunds_amount_check', sql`amount > 0 and amount_minor > 0`),
  ],
);

/** One use of a discount code. */
export const discountRedemptions = subctl.table(
  'discount_redemptions',
  {
    customerId: customerId(),
    code: text('code').notNull(),
    id: uuid('id').notNull(),
    at: instant('at').notNull(),
    invoiceId: uuid('invoice_id'),
    subscriptionId: uuid('subscription_id'),
    /** how many of the next periods it lowers, too; null is all of them */
    periodsLeft: integer('periods_left'),
    amount: amount('amount').notNull(),
    changeId: text('change_id'),
  },
  (t) => [
    primaryKey({ columns: [t.customerId, t.code, t.id] }),
    foreignKey({
      columns: [t.customerId],
      foreignColumns: [customers.id],
      name: 'discount_redemptions_customer_fk',
    }),
    foreignKey({ columns: [t.code], foreignColumns: [discounts.code], name: 'discount_redemptions_code_fk' }),
  ],
);
