import { sql } from 'drizzle-orm';
import { check, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { instant, subctl } from '../columns.ts';

/** What an application shows to `subctl serve`: its SHA-256, what it may ask, and for whom. Who has lost it makes another. */
export const apiTokens = subctl.table(
  'api_tokens',
  {
    id: uuid('id').primaryKey(),
    name: text('name').notNull(),
    /** SHA-256 of the whole token, hex; it is drawn from 256 random bits, so that a slow hash would win nothing */
    hash: text('hash').notNull(),
    /** its last four characters, to tell it from others */
    ending: text('ending').notNull(),
    scopes: text('scopes').array().notNull(),
    /** the role whose rights bound them (src/roles/rights.ts); null: scopes alone say what it may */
    role: text('role'),
    /** the only customer it may speak for; null: whoever `only_prefix` allows */
    onlyCustomer: text('only_customer'),
    /** how the ids begin that it may speak for; null: all */
    onlyPrefix: text('only_prefix'),
    createdAt: instant('created_at').notNull(),
    expiresAt: instant('expires_at'),
    revokedAt: instant('revoked_at'),
    /** to about a minute */
    lastUsedAt: instant('last_used_at'),
    changeId: text('change_id'),
  },
  (t) => [
    uniqueIndex('api_tokens_hash').on(t.hash),
    uniqueIndex('api_tokens_name')
      .on(t.name)
      .where(sql`revoked_at is null`),
    check('api_tokens_name_check', sql`name ~ '^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$'`),
    check('api_tokens_scopes_check', sql`cardinality(scopes) > 0`),
    check('api_tokens_role_check', sql`role in ('superadmin', 'admin', 'reader', 'personal', 'app')`),
    check('api_tokens_only_check', sql`only_customer is null or only_prefix is null`),
  ],
);

/** An account of the database server that may speak for one customer alone: `subctl roles grant app ACCOUNT --customer ID`. */
export const boundAccounts = subctl.table('bound_accounts', {
  account: text('account').primaryKey(),
  onlyCustomer: text('only_customer').notNull(),
  createdAt: instant('created_at').notNull(),
  changeId: text('change_id'),
});
