import { listRoles } from '../../roles/list-roles.ts';
import { needPrefix } from '../../roles/role-names.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';

/** Lists the roles with those who have them. */
export async function run(context: Context): Promise<Outcome> {
  const db = await context.database();
  return {
    columns: [
      { key: 'role' },
      { key: 'name', hidden: true },
      { key: 'may' },
      { key: 'accounts', show: (value) => (value as string[]).join(' ') || '-' },
    ],
    rows: await listRoles(db, await needPrefix(db)),
  };
}
