import { listRights } from '../../roles/list-rights.ts';
import { needPrefix, parseRole } from '../../roles/role-names.ts';
import { bareName } from '../../roles/rights.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { verb } from '../verb.ts';

export const command = verb({
  examples: [
    ['subctl roles show app', 'rights of an application'],
    ['subctl roles show reader --format csv', 'as CSV, for an audit'],
  ],
  exits: [3],
  rows: true,
}).argument('<role>', 'superadmin, admin, reader, personal, app or bound');

/** Shows the rights of a role on the objects of the schema. */
export async function run(context: Context, role: string): Promise<Outcome> {
  const db = await context.database();
  await needPrefix(db);
  return {
    columns: [
      { key: 'kind' },
      { key: 'object', show: (value) => bareName({ name: value as string }) },
      { key: 'rights', show: (value) => (value as string[]).join(', ') },
      { key: 'hidden', title: 'except', show: (value) => (value as string[]).join(', ') || '-' },
    ],
    rows: await listRights(db, parseRole(role)),
  };
}
