import { listRoles } from '../../roles/list-roles.ts';
import { needPrefix } from '../../roles/role-names.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { verb } from '../verb.ts';

export const command = verb({
  examples: [
    ['subctl roles list', 'roles and the accounts that have them'],
    ['subctl roles list --json', 'as JSON'],
  ],
  exits: [3],
  rows: 'list',
}).description(
  'Roles are PostgreSQL roles, and PostgreSQL enforces them. An account has the same rights in ' +
    'subctl as in psql. To create the roles: subctl setup --roles.',
);

/** Lists the roles and the accounts that have them. */
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

/** Formats accounts: `ann web`, and `shop for acme` for an account bound to a customer. */
function accountsOf(accounts: readonly string[], { customers }: Record<string, unknown>): string {
  const of = customers as Record<string, string>;
  const words = accounts.map((account) =>
    of[account] === undefined ? account : `${account} for ${of[account]}`,
  );
  return words.join(words.some((word) => word.includes(' ')) ? ', ' : ' ') || '-';
}
