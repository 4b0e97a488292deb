import { checkBindings } from '../../roles/check-bindings.ts';
import { checkRoles } from '../../roles/check-roles.ts';
import { needPrefix } from '../../roles/role-names.ts';
import { bareName } from '../../roles/rights.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { verb } from '../verb.ts';

export const command = verb({
  examples: [
    ['subctl roles check', 'exit code 4 if rights differ'],
    ['subctl roles check --json', 'each difference, as JSON'],
  ],
  exits: [3, 4],
  rows: true,
}).description(
  'Lists rights that were granted or revoked by hand. subctl setup restores the expected rights.',
);

/** Lists rights that differ from the expected rights of the roles. */
export async function run(context: Context): Promise<Outcome> {
  const db = await context.database();
  const wrong = await checkRoles(db, await needPrefix(db));
  const unbound = await checkBindings(db);
  const rows = [...wrong, ...unbound];
  const footer = [
    ...(wrong.length > 0 ? ['To correct the rights: subctl setup'] : []),
    ...(unbound.length > 0
      ? [
          'Bound accounts can act for every customer. Revoke their other roles: subctl roles list, subctl roles revoke',
        ]
      : []),
  ];
  return {
    columns: [
      { key: 'role' },
      { key: 'state' },
      { key: 'right' },
      { key: 'kind' },
      { key: 'object', show: (value) => bareName({ name: value as string }) },
    ],
    rows,
    empty: 'All roles have the expected rights',
    ...(rows.length > 0 && { footer, exit: 'refused' as const }),
  };
}
