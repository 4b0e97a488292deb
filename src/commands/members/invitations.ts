import { listInvitations as list } from '../../customers/list-invitations.ts';
import type { RowsOutcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { type Options, verb } from '../verb.ts';
import { asMemberOption } from './options.ts';

export const command = verb({
  examples: [
    ['subctl members invitations acme', 'invitations that can still be used'],
    ['subctl members invitations acme --all --json', 'including expired, used and revoked ones'],
  ],
  exits: [3, 4],
  rows: 'list',
  asOf: true,
})
  .argument('<customer>', 'id of the group')
  .option('--all', 'include expired, used and revoked invitations', false)
  .addOption(asMemberOption);

/** Prints the invitations of a group. */
export async function run(
  context: Context,
  customer: string,
  { all, asMember }: Options<typeof command>,
): Promise<RowsOutcome> {
  const rows = await list(await context.database(), { customer, all, asMember, now: await context.now() });
  return {
    columns: [
      { key: 'ending' },
      { key: 'state', optional: !all },
      { key: 'role' },
      { key: 'used' },
      { key: 'uses' },
      { key: 'expires_at', title: 'expires' },
      { key: 'created_at', hidden: true },
    ],
    rows,
    empty: `${customer} has no open invitation: subctl members invite ${customer}`,
  };
}
