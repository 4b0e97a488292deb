import { type ChangedMember, grantRole } from '../../roles/change-member.ts';
import { parseRole } from '../../roles/role-names.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { changeOutcome } from '../subscriptions/change-outcome.ts';
import { write } from '../write.ts';
import { type Options, verb } from '../verb.ts';

export const command = verb({
  examples: [
    ['subctl roles grant admin ann', 'manage customers, credits, subscriptions and invoices'],
    ['subctl roles grant app web --dry-run', 'check that the role can be granted'],
    ['subctl roles grant app shop --customer acme', 'record usage and read data of acme only'],
  ],
  exits: [3, 4],
  rows: true,
  writes: true,
})
  .description(
    'The account must exist: create role ann login. Superadmins and the owner of the database can ' +
      'grant roles. An account has the rights of all its roles. With --customer the account gets the ' +
      'role bound: the rights of app for that customer only. A bound account cannot have other roles.',
  )
  .argument('<role>', 'superadmin, admin, reader, personal, app or bound')
  .argument('<account>', 'account on the database server')
  .option('--customer <customer>', 'with app: the only customer the account can act for');

/** Grants a role to an account, optionally for one customer only. */
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
  const role = `the role ${customer === undefined ? asked.role : `app, for the customer ${customer} only`}`;
  const sentence = `${account} ${done.changed ? 'has' : 'already has'} ${role}`;
  return changeOutcome(context, { ...done, sentence });
}
