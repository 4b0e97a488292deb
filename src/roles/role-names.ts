import { call } from '../database/call.ts';
import type { Db } from '../database/connect.ts';
import { Failure } from '../domain/failure.ts';
import { type Role, roleNames } from './rights.ts';

/** The prefix of the roles where none is asked for. */
export const usualPrefix = 'subctl';

export const nameOf = (prefix: string, role: Role): string => `${prefix}_${role}`;

/** @throws Failure usage for a prefix that gives no usual name of a role */
export function checkPrefix(prefix: string): string {
  if (/^[a-z][a-z0-9_]{0,39}$/.test(prefix) && !prefix.startsWith('pg_')) return prefix;
  throw new Failure('usage', `${prefix} cannot begin the names of roles`, {
    hint: 'take small letters, digits and _, beginning with a letter, at most 40, and not pg_',
  });
}

/** @throws Failure usage for another word */
export function parseRole(text: string): Role {
  const role = roleNames.find((name) => name === text);
  if (role) return role;
  throw new Failure('usage', `There is no role '${text}'`, { hint: `the roles are ${roleNames.join(', ')}` });
}

/** The prefix with which setup made the roles; undefined where it made none. */
export async function findPrefix(db: Db): Promise<string | undefined> {
  return (await call(db, 'subctl_internal.setting', { key: 'roles_prefix' })) ?? undefined;
}

/** @throws Failure not_found where there are no roles yet */
export async function needPrefix(db: Db): Promise<string> {
  const prefix = await findPrefix(db);
  if (prefix !== undefined) return prefix;
  throw new Failure('not_found', 'There are no roles in this database yet', { hint: 'subctl setup --roles' });
}
