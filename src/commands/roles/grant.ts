import { type ChangedMember, grantRole } from '../../roles/change-member.ts';
import { parseRole } from '../../roles/role-names.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { InputOf } from '../command.ts';
import type { Context } from '../context.ts';
import { say } from '../subscriptions/say.ts';
import { write } from '../write.ts';
import type { RoleSpecs } from './spec.ts';

/** Gives an account a role, for one customer alone where one is named. */
export async function run(context: Context, input: InputOf<RoleSpecs['grant']>): Promise<Outcome> {
  const asked = { role: parseRole(input.role), account: input.account, customer: input.customer };
  const done = await write<ChangedMember>(context, { action: 'roles grant', asked }, (tx, change) =>
    grantRole(tx, change, asked),
  );
  const { account, customer } = asked;
  const role = `the role ${customer === undefined ? asked.role : `app, for the customer ${customer} alone`}`;
  const sentence = `${account} ${done.changed ? 'has' : 'already has'} ${role}`;
  return say(context, { ...done, sentence });
}
