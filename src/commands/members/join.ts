import { joinByCode } from '../../customers/join.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { write } from '../write.ts';
import { type Options, verb } from '../verb.ts';

export const command = verb({
  examples: [
    ['subctl members join 0000-1111-2222-3333-4444 bob', 'bob has a seat'],
    ['subctl members join 0000-1111-2222-3333-4444 bob --dry-run', 'whether the code is good'],
  ],
  exits: [3, 4, 8],
  rows: true,
  asOf: true,
  writes: true,
})
  .argument('<code>', 'as it was shown; dashes and capitals do not matter')
  .argument('<member>', 'the person’s id in the application')
  .option('--name <name>', 'for people')
  .option('--email <address>', 'for notices');

/** Makes a person a member by an invitation code; the code is not noted. */
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
