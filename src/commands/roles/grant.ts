import { type ChangedMember, grantRole } from '../../roles/change-member.ts';
import { parseRole } from '../../roles/role-names.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { InputOf } from '../command.ts';
import type { Context } from '../context.ts';
import { say } from '../subscriptions/say.ts';
import { write } from '../write.ts';
import type { RoleSpecs } from './spec.ts';

/** Gives an account a role. */
export async function run(context: Context, input: InputOf<RoleSpecs['grant']>): Promise<Outcome> {
  const asked = { role: parseRole(input.role), account: input.account };
  const done = await write<ChangedMember>(context, { action: 'roles grant', asked }, (tx, change) =>
    grantRole(tx, change, asked),
  );
  const { role, account } = asked;
  const sentence = done.changed
    ? `${account} has the role ${role}`
    : `${account} already has the role ${role}`;
  return say(context, { ...done, sentence });
}
