import { sql } from 'drizzle-orm';
import {
  boolean,
  check,
  foreignKey,
  index,
  integer,
  jsonb,
  primaryKey,
  text,
  uniqueIndex,
  varchar,
} from 'drizzle-orm/pg-core';
import { customerId, instant, subctl } from '../columns.ts';

/** What holds for the whole installation; one row a setting, its value as JSON. */
export const settings = subctl.table('settings', {
  key: text('key').primaryKey(),
  value: jsonb('value').notNull(),
  updatedAt: instant('updated_at'),
});

/** Who is billed: a user or a group, by the application's own id. */
export const customers = subctl.table(
  'customers',
  {
    id: varchar('id', { length: 200 }).primaryKey(),
    kind: text('kind').$type<'user' | 'group'>().notNull().default('user'),
    name: text('name'),
    email: text('email'),
    timezone: text('timezone'),
    currency: text('currency'),
    stripeCustomerId: text('stripe_customer_id'),
    metadata: jsonb('metadata').$type<Record<string, unknown>>().notNull().default({}),
    hasOverrides: boolean('has_overrides').notNull().default(false),
    createdAt: instant('created_at').notNull(),
    disabledAt: instant('disabled_at'),
    changeId: text('change_id'),
    /** the change that made it, while the audit log has no row of its own for that: see audit_trail */
    madeBy: text('made_by'),
  },
  (t) => [
    index('customers_made_by_idx').using('brin', t.madeBy),
    index('customers_stripe_idx')
      .on(t.stripeCustomerId)
      .where(sql`stripe_customer_id is not null`),
    check('customers_kind_check', sql`kind in ('user', 'group')`),
    check('customers_id_check', sql`length(id) between 1 and 200 and id !~ '[[:cntrl:]]' and id = btrim(id)`),
    check(
      'customers_timezone_check',
      sql`timezone is null or (timezone ~ '^(UTC|[A-Za-z]+(/[A-Za-z_-]+)+)$' and ('2000-01-01'::timestamp at time zone timezone) is not null)`,
    ),
    check('customers_currency_check', sql`currency is null or currency ~ '^[A-Z]{3}$'`),
    // no unique index on stripe_customer_id: it does not begin with the customer's id (distribution rules)
  ],
);

/** The time zones of a customer who has had several, with the instant from which each holds (R4); without rows it has had one. */
export const customerZones = subctl.table(
  'customer_zones',
  {
    customerId: customerId(),
    fromAt: instant('from_at').notNull(),
    timezone: text('timezone'),
    changeId: text('change_id'),
  },
  (t) => [
    primaryKey({ columns: [t.customerId, t.fromAt] }),
    check(
      'customer_zones_timezone_check',
      sql`timezone is null or (timezone ~ '^(UTC|[A-Za-z]+(/[A-Za-z_-]+)+)$' and ('2000-01-01'::timestamp at time zone timezone) is not null)`,
    ),
  ],
);

/** A person inside a group; a seat while `left_at` is null. */
export const members = subctl.table(
  'members',
  {
    customerId: customerId(),
    memberId: varchar('member_id', { length: 200 }).notNull(),
    role: text('role').$type<'member' | 'admin'>().notNull().default('member'),
    name: text('name'),
    email: text('email'),
    joinedAt: instant('joined_at').notNull(),
    leftAt: instant('left_at'),
    changeId: text('change_id'),
  },
  (t) => [
    primaryKey({ columns: [t.customerId, t.memberId] }),
    foreignKey({ columns: [t.customerId], foreignColumns: [customers.id], name: 'members_customer_fk' }),
    check('members_role_check', sql`role in ('member', 'admin')`),
  ],
);

/** One command, run or administrative call that wrote: who, why and what was asked. */
export const changes = subctl.table(
  'changes',
  {
    id: text('id').primaryKey(),
    at: instant('at').notNull(),
    actor: text('actor').notNull(),
    action: text('action').notNull(),
    reason: text('reason'),
    asked: jsonb('asked').notNull().default({}),
    host: text('host'),
    program: text('program'),
  },
  (t) => [index('changes_at_idx').on(t.at)],
);

/** Before and after of one row that a change wrote; append-only. Catalogue rows have customer ''. */
export const auditLog = subctl.table(
  'audit_log',
  {
    customerId: customerId(),
    changeId: text('change_id').notNull(),
    id: integer('id').notNull(),
    entity: text('entity').notNull(),
    entityKey: text('entity_key').notNull(),
    before: jsonb('before'),
    after: jsonb('after'),
  },
  (t) => [
    primaryKey({ columns: [t.customerId, t.changeId, t.id] }),
    index('audit_log_change_idx').on(t.changeId),
  ],
);

/** An alert, a receipt or a warning on its way to somebody: the outbox. Customer '' is the installation: its operator is told. */
export const notifications = subctl.table(
  'notifications',
  {
    customerId: customerId(),
    id: text('id').notNull(),
    kind: text('kind').notNull(),
    channel: text('channel').notNull().default('email'),
    dedupeKey: text('dedupe_key').notNull(),
    payload: jsonb('payload').notNull(),
    createdAt: instant('created_at').notNull(),
    nextTryAt: instant('next_try_at'),
    attempts: integer('attempts').notNull().default(0),
    sentAt: instant('sent_at'),
    deadAt: instant('dead_at'),
    lastError: text('last_error'),
  },
  (t) => [
    primaryKey({ columns: [t.customerId, t.id] }),
    uniqueIndex('notifications_dedupe_key').on(t.customerId, t.dedupeKey),
    index('notifications_due_idx')
      .on(t.nextTryAt)
      .where(sql`sent_at is null and dead_at is null`),
  ],
);

/** What a customer does not want to be told. */
export const notificationPreferences = subctl.table(
  'notification_preferences',
  {
    customerId: customerId(),
    kind: text('kind').notNull(),
    channel: text('channel').notNull(),
    optedOutAt: instant('opted_out_at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.customerId, t.kind, t.channel] }),
    foreignKey({
      columns: [t.customerId],
      foreignColumns: [customers.id],
      name: 'notification_preferences_customer_fk',
    }),
  ],
);
