import { checkBindings } from '../../roles/check-bindings.ts';
import { checkRoles } from '../../roles/check-roles.ts';
import { needPrefix } from '../../roles/role-names.ts';
import { bareName } from '../../roles/rights.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { verb } from '../verb.ts';

export const command = verb({
  examples: [
    ['subctl roles check', 'exit code 4 where they differ'],
    ['subctl roles check --json', 'each right that differs'],
  ],
  exits: [3, 4],
  rows: true,
}).description('Rights that somebody has given or taken by hand are listed. subctl setup puts them right.');

/** Lists the rights that differ from what the roles should have. */
export async function run(context: Context): Promise<Outcome> {
  const db = await context.database();
  const wrong = await checkRoles(db, await needPrefix(db));
  const unbound = await checkBindings(db);
  const rows = [...wrong, ...unbound];
  const footer = [
    ...(wrong.length > 0 ? ['Put them right: subctl setup'] : []),
    ...(unbound.length > 0
      ? ['Bound accounts may speak for every customer: take their other roles from them, subctl roles list']
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
    empty: 'All roles may do just what they should',
    ...(rows.length > 0 && { footer, exit: 'refused' as const }),
  };
}
