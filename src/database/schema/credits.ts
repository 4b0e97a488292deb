import { sql } from 'drizzle-orm';
import { foreignKey, index, integer, primaryKey, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { amount, customerId, instant, subctl, wholeNumber } from '../columns.ts';
import { customers } from './customers.ts';

/** Credits given: what is left of them, until when, in which order they burn (R21). */
export const creditGrants = subctl.table(
  'credit_grants',
  {
    customerId: customerId(),
    id: uuid('id').notNull(),
    source: text('source').notNull(),
    sourceKey: text('source_key').notNull(),
    amount: amount('amount').notNull(),
    remaining: amount('remaining').notNull(),
    priority: integer('priority').notNull(),
    grantedAt: instant('granted_at').notNull(),
    expiresAt: instant('expires_at'),
    expiredAt: instant('expired_at'),
    reason: text('reason'),
    changeId: text('change_id'),
  },
  (t) => [
    primaryKey({ columns: [t.customerId, t.id] }),
    foreignKey({
      columns: [t.customerId],
      foreignColumns: [customers.id],
      name: 'credit_grants_customer_fk',
    }),
    uniqueIndex('credit_grants_source_key').on(t.customerId, t.sourceKey),
    index('credit_grants_due_idx')
      .on(t.expiresAt, t.customerId)
      .where(sql`expired_at is null`),
  ],
);

/** The ledger: every grant, use, deduction and expiry, append-only, numbered per customer. Its sum is the balance. */
export const creditEntries = subctl.table(
  'credit_entries',
  {
    customerId: customerId(),
    id: wholeNumber('id').notNull(),
    grantId: uuid('grant_id').notNull(),
    at: instant('at').notNull(),
    kind: text('kind').notNull(),
    amount: amount('amount').notNull(),
    balanceAfter: amount('balance_after').notNull(),
    eventId: uuid('event_id'),
    reason: text('reason'),
    changeId: text('change_id'),
  },
  (t) => [
    primaryKey({ columns: [t.customerId, t.id] }),
    // asked at each use: whether the ledger goes on after its instant
    index('credit_entries_at_idx').on(t.customerId, t.at),
  ],
);
