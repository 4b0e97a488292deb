import { joinByCode } from '../../customers/join.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { write } from '../write.ts';
import { type Options, verb } from '../verb.ts';

export const command = verb({
  examples: [
    ['subctl members join 0000-1111-2222-3333-4444 bob', 'bob takes a seat'],
    ['subctl members join 0000-1111-2222-3333-4444 bob --dry-run', 'check that the code is valid'],
  ],
  exits: [3, 4, 8],
  rows: true,
  asOf: true,
  writes: true,
})
  .argument('<code>', 'the invitation code; dashes and case are ignored')
  .argument('<member>', 'id of the person in the application')
  .option('--name <name>', 'display name')
  .option('--email <address>', 'address for notifications');

/** Adds a member by an invitation code. The code is not written to the audit log. */
export async function run(
  context: Context,
  code: string,
  member: string,
  options: Options<typeof command>,
): Promise<Outcome> {
  const input = { code, member, ...options };
  const record = await write(context, { action: 'members join', asked: { member } }, (tx, change) =>
    joinByCode(tx, change, input),
  );
  return { record };
}
