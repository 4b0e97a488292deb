import { type Change, audit } from '../database/change.ts';
import type { Db } from '../database/connect.ts';
import { orm } from '../database/orm.ts';
import { settings } from '../database/schema/customers.ts';
import { Failure } from '../domain/failure.ts';
import { applyRights } from './apply-rights.ts';
import { checkRoles } from './check-roles.ts';
import { findPrefix } from './role-names.ts';
import { roleNames } from './rights.ts';
import { nameOf } from './role-names.ts';

export interface SetUpRoles {
  prefix: string;
  /** names of the roles that were made on the server */
  made: string[];
  /** rights that were given or taken */
  mended: number;
}

/**
 * Makes the roles and their rights where `prefix` asks for them, and keeps the rights of those that are there in step with the schema.
 * Undefined where there are none and none are asked for.
 * @throws Failure conflict for another prefix than the one that is there
 */
export async function setUpRoles(
  tx: Db,
  change: Change,
  prefix: string | undefined,
): Promise<SetUpRoles | undefined> {
  const before = await findPrefix(tx);
  const wanted = prefix ?? before;
  if (wanted === undefined) return undefined;
  if (before !== undefined && before !== wanted)
    throw new Failure('conflict', `The roles of this database begin with ${before} already`, {
      hint: 'leave --role-prefix out',
    });
  const mended = (await hasAll(tx, wanted)) ? (await checkRoles(tx, wanted)).length : undefined;
  if (before !== undefined && mended === 0) return { prefix: wanted, made: [], mended: 0 };
  const made = await applyRights(tx, wanted);
  if (before === undefined) await note(tx, change, wanted);
  return { prefix: wanted, made, mended: mended ?? 0 };
}

async function hasAll(tx: Db, prefix: string): Promise<boolean> {
  const names = roleNames.map((role) => nameOf(prefix, role));
  const [row] = await tx<[{ n: number }]>`
    select count(*)::int as n from pg_catalog.pg_roles where rolname = any(${names}::text[])`;
  return row.n === names.length;
}

async function note(tx: Db, change: Change, prefix: string): Promise<void> {
  await orm(tx).insert(settings).values({ key: 'roles_prefix', value: prefix, updatedAt: change.at });
  await audit(tx, change, [
    { entity: 'setting', key: 'roles_prefix', before: null, after: { value: prefix } },
  ]);
}
