import { sql } from 'drizzle-orm';
import { check, foreignKey, index, integer, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { customerId, instant, subctl } from '../columns.ts';
import { customers } from './customers.ts';

/** An invitation into a group, by a code that is shown once and kept as its SHA-256. */
export const invitations = subctl.table(
  'invitations',
  {
    customerId: customerId(),
    id: uuid('id').notNull(),
    /** SHA-256 of the code without its dashes, hex; it is drawn from 100 random bits */
    hash: text('hash').notNull(),
    /** the last four characters of the code, to tell it from others */
    ending: text('ending').notNull(),
    /** what who joins by it is in the group */
    role: text('role').$type<'member' | 'admin'>().notNull(),
    /** how many may join by it, and how many have */
    uses: integer('uses').notNull(),
    used: integer('used').notNull().default(0),
    createdAt: instant('created_at').notNull(),
    expiresAt: instant('expires_at').notNull(),
    revokedAt: instant('revoked_at'),
    changeId: text('change_id'),
  },
  (t) => [
    primaryKey({ columns: [t.customerId, t.id] }),
    index('invitations_hash_idx').on(t.hash),
    foreignKey({
      columns: [t.customerId],
      foreignColumns: [customers.id],
      name: 'invitations_customer_fk',
    }),
    check('invitations_role_check', sql`role in ('member', 'admin')`),
    check('invitations_uses_check', sql`uses > 0 and used between 0 and uses`),
  ],
);
