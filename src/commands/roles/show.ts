import { listRights } from '../../roles/list-rights.ts';
import { needPrefix, parseRole } from '../../roles/role-names.ts';
import { bareName } from '../../roles/rights.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { InputOf } from '../command.ts';
import type { Context } from '../context.ts';
import type { RoleSpecs } from './spec.ts';

/** Shows what a role may do with what is in the schema. */
export async function run(context: Context, { role }: InputOf<RoleSpecs['show']>): Promise<Outcome> {
  const db = await context.database();
  await needPrefix(db);
  return {
    columns: [
      { key: 'kind' },
      { key: 'object', show: (value) => bareName({ name: value as string }) },
      { key: 'rights', show: (value) => (value as string[]).join(', ') },
      { key: 'hidden', title: 'but not', show: (value) => (value as string[]).join(', ') || '-' },
    ],
    rows: await listRights(db, parseRole(role)),
  };
}
