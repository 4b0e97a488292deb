import { sql } from 'drizzle-orm';
import { check, foreignKey, primaryKey, text } from 'drizzle-orm/pg-core';
import { amount, customerId, instant, subctl } from '../columns.ts';
import { meters } from './catalog.ts';
import { customers } from './customers.ts';

/** One customer's own limit, from–to, in place of the plan's. */
export const limitOverrides = subctl.table(
  'limit_overrides',
  {
    customerId: customerId(),
    meterId: text('meter_id').notNull(),
    window: text('window').notNull(),
    scope: text('scope').notNull().default('customer'),
    startsAt: instant('starts_at').notNull(),
    endsAt: instant('ends_at'),
    limitValue: amount('limit_value'),
    reason: text('reason').notNull(),
    actor: text('actor').notNull(),
    changeId: text('change_id'),
  },
  (t) => [
    primaryKey({ columns: [t.customerId, t.meterId, t.window, t.scope, t.startsAt] }),
    foreignKey({
      columns: [t.customerId],
      foreignColumns: [customers.id],
      name: 'limit_overrides_customer_fk',
    }),
    foreignKey({ columns: [t.meterId], foreignColumns: [meters.id], name: 'limit_overrides_meter_fk' }),
    check('limit_overrides_value_check', sql`limit_value >= 0`),
    check('limit_overrides_scope_check', sql`scope in ('customer', 'member')`),
    check('limit_overrides_span_check', sql`ends_at > starts_at`),
  ],
);
