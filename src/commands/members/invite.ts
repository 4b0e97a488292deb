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
    ['subctl members invite acme', 'for one person, valid for a week'],
    ['subctl members invite acme --uses 20 --expires 2036-01-01', 'for twenty people'],
  ],
  exits: [3, 4],
  rows: true,
  asOf: true,
  writes: true,
})
  .description(
    'The code is shown only once; the database stores its hash. An invitation takes no seat until a ' +
      'person joins.',
  )
  .argument('<customer>', 'id of the group')
  .addOption(
    new Option('--role <role>', 'role of members who join with the code')
      .choices(['member', 'admin'])
      .default('member'),
  )
  .option('--uses <number>', 'how many people can join with the code', integer({ min: 1, max: 100_000 }), 1)
  .option('--expires <time>', 'when the code expires (default: in seven days)', instantAhead)
  .addOption(asMemberOption);

/** Creates an invitation and shows its code, which cannot be shown again. */
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
    // a dry run creates no invitation, so its code would not work
    record: context.dryRun ? { ...record, code: null, ending: null } : record,
    notes: context.dryRun
      ? []
      : ['Save the code now: it is not shown again. Redeem it with: subctl members join'],
  };
}
