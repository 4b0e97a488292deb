import type { Db } from '../database/connect.ts';
import type { RoleDifference } from './check-roles.ts';

/** Bound accounts that may speak for every customer all the same, by a role that they were given by other means. */
export async function checkBindings(db: Db): Promise<RoleDifference[]> {
  const rows = await db<{ account: string }[]>`
    select b.account from subctl.bound_accounts b join pg_catalog.pg_roles r on r.rolname = b.account
     where has_function_privilege(r.oid, 'subctl_internal.any_customer()', 'execute') order by 1`;
  return rows.map(({ account }) => ({
    ...{ role: 'bound' as const, kind: 'function' as const, object: 'any_customer()' },
    ...{ right: `execute, by ${account}`, state: 'too much' as const },
  }));
}
