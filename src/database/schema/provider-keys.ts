import { sql } from 'drizzle-orm';
import { check, integer, jsonb, text } from 'drizzle-orm/pg-core';
import { instant, subctl } from '../columns.ts';

/**
 * API keys of providers, encrypted. `sealed` is a flattened JWE whose associated data is the row's name, provider and address: in another
 * row it cannot be decrypted. The master key is not in the database.
 */
export const providerKeys = subctl.table(
  'provider_keys',
  {
    name: text('name').primaryKey(),
    provider: text('provider').notNull(),
    sealed: jsonb('sealed').notNull(),
    /** the id of the master key that wraps its data key */
    masterKey: text('master_key').notNull(),
    /** its last four characters; '' for a short one */
    ending: text('ending').notNull(),
    /** where the provider is, when it is not at its usual address */
    baseUrl: text('base_url'),
    createdAt: instant('created_at').notNull(),
    /** when the value was last set */
    setAt: instant('set_at').notNull(),
    expiresAt: instant('expires_at'),
    testedAt: instant('tested_at'),
    testResult: text('test_result'),
    /** the HTTP status of the last test; null where there was no answer */
    testStatus: integer('test_status'),
    /** the change that last set it */
    changeId: text('change_id'),
  },
  () => [
    check('provider_keys_name_check', sql`name ~ '^[a-z0-9][a-z0-9_.-]{0,63}$'`),
    check('provider_keys_ending_check', sql`length(ending) <= 4`),
    check(
      'provider_keys_sealed_check',
      sql`sealed ?& array['protected', 'encrypted_key', 'iv', 'ciphertext', 'tag'] and not sealed ? 'aad'`,
    ),
    check(
      'provider_keys_result_check',
      sql`test_result in ('ok', 'rejected', 'forbidden', 'rate_limited', 'provider_error', 'unreachable', 'unexpected')`,
    ),
  ],
);
