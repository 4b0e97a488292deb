import { type MadeInvitation, createInvitation } from '../../customers/invitations.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { write } from '../write.ts';
import { type Options, verb } from '../verb.ts';
import { Option } from '@commander-js/extra-typings';
import { instantAhead, integer } from '../readers.ts';
import { asMemberOption } from './options.ts';

export const command = verb({
  examples: [
    ['subctl members invite acme', 'for one person, for a week'],
    ['subctl members invite acme --uses 20 --expires 2036-01-01', 'for a class'],
  ],
  exits: [3, 4],
  rows: true,
  asOf: true,
  writes: true,
})
  .description(
    'The code is shown once, here, and kept as its hash. It ends after seven days unless --expires ' +
      'says otherwise, and takes no seat before somebody joins.',
  )
  .argument('<customer>', 'id of the group')
  .addOption(
    new Option('--role <role>', 'what who joins is in the group')
      .choices(['member', 'admin'])
      .default('member'),
  )
  .option('--uses <number>', 'how many may join by it', integer({ min: 1, max: 100_000 }), 1)
  .option('--expires <time>', 'when it ends', instantAhead)
  .addOption(asMemberOption);

/** Makes an invitation and shows its code, this once. */
export async function run(
  context: Context,
  customer: string,
  options: Options<typeof command>,
): Promise<Outcome> {
  const { role, uses, expires, asMember } = options;
  const asked = { customer, role, uses, expires: expires?.toISOString(), as_member: asMember };
  const record = await write<MadeInvitation>(context, { action: 'members invite', asked }, (tx, change) =>
    createInvitation(tx, change, { customer, role, uses, expiresAt: expires, asMember }),
  );
  return {
    // a dry run made no invitation, so its code would admit no one
    record: context.dryRun ? { ...record, code: null, ending: null } : record,
    notes: context.dryRun
      ? []
      : ['Keep the code now, it is not shown again. It is redeemed by: subctl members join'],
  };
}
