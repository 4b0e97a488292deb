import { listMembers as list } from '../../customers/list-members.ts';
import type { RowsOutcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { type Options, verb } from '../verb.ts';

export const command = verb({
  examples: [
    ['subctl members list acme', 'current members, and the seats in use'],
    ['subctl members list acme --all --json', 'including former members'],
  ],
  exits: [3],
  rows: 'list',
  asOf: true,
})
  .argument('<customer>', 'id of the group')
  .option('--all', 'include former members', false);

/** Prints the members of a group and the number of seats in use. */
export async function run(
  context: Context,
  customer: string,
  { all }: Options<typeof command>,
): Promise<RowsOutcome> {
  const { rows, seats } = await list(await context.database(), { customer, all, now: await context.now() });
  return {
    columns: [
      { key: 'member' },
      { key: 'role' },
      { key: 'name', optional: true },
      { key: 'email', optional: true },
      { key: 'joined_at' },
      { key: 'left_at' },
    ],
    rows: rows.map((row) => ({ ...row })),
    footer: [
      `${seats.used} of ${seats.allowed ?? 'unlimited'} seats${seats.plan ? ` on plan ${seats.plan}` : ''}`,
    ],
    empty: `${customer} has no members`,
  };
}
