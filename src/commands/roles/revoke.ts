import { type ChangedMember, revokeRole } from '../../roles/change-member.ts';
import { parseRole } from '../../roles/role-names.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { InputOf } from '../command.ts';
import type { Context } from '../context.ts';
import { say } from '../subscriptions/say.ts';
import { write } from '../write.ts';
import type { RoleSpecs } from './spec.ts';

/** Takes a role from an account. */
export async function run(context: Context, input: InputOf<RoleSpecs['revoke']>): Promise<Outcome> {
  const asked = { role: parseRole(input.role), account: input.account };
  const done = await write<ChangedMember>(context, { action: 'roles revoke', asked }, (tx, change) =>
    revokeRole(tx, change, asked),
  );
  const { account } = asked;
  const { role } = done;
  const sentence = done.changed
    ? `${account} no longer has the role ${role}`
    : `${account} does not have the role ${role}`;
  return say(context, { ...done, sentence });
}
