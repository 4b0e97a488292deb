import { listRoles } from '../../roles/list-roles.ts';
import { needPrefix } from '../../roles/role-names.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { verb } from '../verb.ts';

export const command = verb({
  examples: [
    ['subctl roles list', 'who may do what'],
    ['subctl roles list --json', 'for a program'],
  ],
  exits: [3],
  rows: 'list',
}).description(
  'Roles are those of PostgreSQL, which enforces them: what an account may do with psql it may do ' +
    'with subctl, and nothing more. subctl setup --roles makes them.',
);

/** Lists the roles with those who have them. */
export async function run(context: Context): Promise<Outcome> {
  const db = await context.database();
  return {
    columns: [
      { key: 'role' },
      { key: 'name', hidden: true },
      { key: 'may' },
      { key: 'accounts', show: (value, row) => accountsOf(value as string[], row) },
      { key: 'customers', hidden: true },
    ],
    rows: await listRoles(db, await needPrefix(db)),
  };
}

/** `ann web`; of those that are bound `shop for acme`. */
function accountsOf(accounts: readonly string[], { customers }: Record<string, unknown>): string {
  const of = customers as Record<string, string>;
  const words = accounts.map((account) =>
    of[account] === undefined ? account : `${account} for ${of[account]}`,
  );
  return words.join(words.some((word) => word.includes(' ')) ? ', ' : ' ') || '-';
}
