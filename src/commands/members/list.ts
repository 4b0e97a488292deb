import { listMembers as list } from '../../customers/list-members.ts';
import type { RowsOutcome } from '../../terminal/outcome.ts';
import type { InputOf } from '../command.ts';
import type { Context } from '../context.ts';
import type { listMembers } from './spec.ts';

/** Prints the members of a group and how many seats are taken. */
export async function run(
  context: Context,
  { customer, all }: InputOf<typeof listMembers>,
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
