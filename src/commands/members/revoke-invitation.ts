import { revokeInvitation as revoke } from '../../customers/invitations.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { changeOutcome } from '../subscriptions/change-outcome.ts';
import { write } from '../write.ts';
import { type Options, verb } from '../verb.ts';
import { asMemberOption } from './options.ts';

export const command = verb({
  examples: [
    ['subctl members revoke-invitation acme 7K3M', 'the code is no longer accepted'],
    ['subctl members revoke-invitation acme 7K3M --dry-run', 'check that the invitation exists'],
  ],
  exits: [3, 4],
  rows: true,
  asOf: true,
  writes: true,
})
  .argument('<customer>', 'id of the group')
  .argument('<ending>', 'last four characters of the code')
  .addOption(asMemberOption);

/** Revokes an invitation. */
export async function run(
  context: Context,
  customer: string,
  ending: string,
  options: Options<typeof command>,
): Promise<Outcome> {
  const { asMember } = options;
  const asked = { customer, ending, as_member: asMember };
  const done = await write(context, { action: 'members revoke-invitation', asked }, (tx, change) =>
    revoke(tx, change, { customer, ending, asMember }),
  );
  const sentence = done.changed
    ? `The invitation of ${customer} that ends with ${ending} is revoked`
    : `The invitation that ends with ${ending} was already revoked`;
  return changeOutcome(context, { ...done, sentence });
}
