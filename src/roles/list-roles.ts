import type { Db } from '../database/connect.ts';
import { type Role, roleNames, roles } from './rights.ts';
import { nameOf } from './role-names.ts';

export interface ListedRole extends Record<string, unknown> {
  role: Role;
  /** PostgreSQL's name of it */
  name: string;
  may: string;
  /** accounts that were made members of it, by name */
  accounts: string[];
  /** of the role bound: for which customer each of them may speak */
  customers: Record<string, string>;
}

/** The roles with those who have them, from the one that may most to the one that may least. */
export async function listRoles(db: Db, prefix: string): Promise<ListedRole[]> {
  const members = await listMembers(db, prefix);
  const bindings = await db<{ account: string; customer: string }[]>`
    select account, only_customer as customer from subctl.bound_accounts order by account collate "C"`;
  return roleNames.map((role) => ({
    ...{ role, name: nameOf(prefix, role), may: roles[role] },
    accounts: members.filter((member) => member.role === nameOf(prefix, role)).map(({ account }) => account),
    customers:
      role === 'bound'
        ? Object.fromEntries(bindings.map(({ account, customer }) => [account, customer]))
        : {},
  }));
}

/** Who is a direct member of which role; that superadmins have the other roles is not told again. */
export async function listMembers(db: Db, prefix: string): Promise<{ role: string; account: string }[]> {
  const names = roleNames.map((role) => nameOf(prefix, role));
  return db<{ role: string; account: string }[]>`
    select distinct g.rolname::text as role, m.rolname::text as account
      from pg_catalog.pg_auth_members a
      join pg_catalog.pg_roles g on g.oid = a.roleid
      join pg_catalog.pg_roles m on m.oid = a.member
     where g.rolname = any(${names}::text[]) and m.rolname <> all(${names}::text[])
       -- since PostgreSQL 16 whoever makes a role is a member of it that has none of its rights
       and pg_catalog.pg_has_role(m.oid, g.oid, 'usage')
     order by 1, 2`;
}
