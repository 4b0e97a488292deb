import { listInvitations as list } from '../../customers/invitations.ts';
import type { RowsOutcome } from '../../terminal/outcome.ts';
import type { InputOf } from '../command.ts';
import type { Context } from '../context.ts';
import type { listInvitations } from './spec.ts';

/** Prints the invitations of a group. */
export async function run(
  context: Context,
  { customer, all, asMember }: InputOf<typeof listInvitations>,
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
