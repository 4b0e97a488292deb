import { type ChangedMember, grantRole } from '../../roles/change-member.ts';
import { parseRole } from '../../roles/role-names.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { changeOutcome } from '../subscriptions/change-outcome.ts';
import { write } from '../write.ts';
import { type Options, verb } from '../verb.ts';

export const command = verb({
  examples: [
    ['subctl roles grant admin ann', 'customers, credits, subscriptions, invoices'],
    ['subctl roles grant app web --dry-run', 'only whether it could be'],
    ['subctl roles grant app shop --customer acme', 'uses of acme alone, and what acme has'],
  ],
  exits: [3, 4],
  rows: true,
  writes: true,
})
  .description(
    'The account must be there: create role ann login. Superadmins and the owner of the database may ' +
      'give roles. An account has what its roles have together. With --customer the account has the role ' +
      'bound: it may do what app may, for that customer alone, and have no other role.',
  )
  .argument('<role>', 'superadmin, admin, reader, personal, app or bound')
  .argument('<account>', 'an account of the database server')
  .option('--customer <customer>', 'with app: the only customer it may speak for');

/** Gives an account a role, for one customer alone where one is named. */
export async function run(
  context: Context,
  word: string,
  account: string,
  { customer }: Options<typeof command>,
): Promise<Outcome> {
  const asked = { role: parseRole(word), account, customer };
  const done = await write<ChangedMember>(context, { action: 'roles grant', asked }, (tx, change) =>
    grantRole(tx, change, asked),
  );
  const role = `the role ${customer === undefined ? asked.role : `app, for the customer ${customer} alone`}`;
  const sentence = `${account} ${done.changed ? 'has' : 'already has'} ${role}`;
  return changeOutcome(context, { ...done, sentence });
}
