import { type MadeInvitation, createInvitation } from '../../customers/invitations.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { InputOf } from '../command.ts';
import type { Context } from '../context.ts';
import { write } from '../write.ts';
import type { inviteMember } from './spec.ts';

/** Makes an invitation and shows its code, this once. */
export async function run(context: Context, input: InputOf<typeof inviteMember>): Promise<Outcome> {
  const { customer, role, uses, expires, asMember } = input;
  const asked = { customer, role, uses, expires: expires?.toISOString(), as_member: asMember };
  const record = await write<MadeInvitation>(context, { action: 'members invite', asked }, (tx, change) =>
    createInvitation(tx, change, { customer, role, uses, expiresAt: expires, asMember }),
  );
  return {
    // a dry run made no invitation, so its code would admit no one
    record: context.dryRun ? { ...record, code: null, ending: null } : record,
    notes: context.dryRun
      ? []
      : ['Keep the code now: nobody can see it again. Who has it joins by: subctl members join'],
  };
}
