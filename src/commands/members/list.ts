import { listMembers as list } from '../../customers/list-members.ts';
import type { RowsOutcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { type Options, verb } from '../verb.ts';

export const command = verb({
  examples: [
    ['subctl members list acme', 'who has a seat, and how many are left'],
    ['subctl members list acme --all --json', 'everybody who ever was in it'],
  ],
  exits: [3],
  rows: 'list',
  asOf: true,
})
  .argument('<customer>', 'id of the group')
  .option('--all', 'those who left, too', false);

/** Prints the members of a group and how many seats are taken. */
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
      `${seats.used} of ${seats.allowed ?? 'any number of'} seats${seats.plan ? ` on plan ${seats.plan}` : ''}`,
    ],
    empty: `${customer} has no members`,
  };
}
