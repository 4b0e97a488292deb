import { revokeInvitation as revoke } from '../../customers/invitations.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { InputOf } from '../command.ts';
import type { Context } from '../context.ts';
import { say } from '../subscriptions/say.ts';
import { write } from '../write.ts';
import type { revokeInvitation } from './spec.ts';

/** Takes an invitation back. */
export async function run(context: Context, input: InputOf<typeof revokeInvitation>): Promise<Outcome> {
  const { customer, ending, asMember } = input;
  const asked = { customer, ending, as_member: asMember };
  const done = await write(context, { action: 'members revoke-invitation', asked }, (tx, change) =>
    revoke(tx, change, { customer, ending, asMember }),
  );
  const sentence = done.changed
    ? `Nobody joins ${customer} by the code that ends with ${ending} any more`
    : `The invitation that ends with ${ending} was taken back already`;
  return say(context, { ...done, sentence });
}
