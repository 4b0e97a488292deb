import { listRights } from '../../roles/list-rights.ts';
import { needPrefix, parseRole } from '../../roles/role-names.ts';
import { bareName } from '../../roles/rights.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { verb } from '../verb.ts';

export const command = verb({
  examples: [
    ['subctl roles show app', 'what an application may'],
    ['subctl roles show reader --format csv', 'for an audit'],
  ],
  exits: [3],
  rows: true,
}).argument('<role>', 'superadmin, admin, reader, personal, app or bound');

/** Shows what a role may do with what is in the schema. */
export async function run(context: Context, role: string): Promise<Outcome> {
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
