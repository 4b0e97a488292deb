import { removeMember as remove } from '../../customers/remove-member.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { InputOf } from '../command.ts';
import type { Context } from '../context.ts';
import { write } from '../write.ts';
import type { removeMember } from './spec.ts';

/** Takes a person's seat. */
export async function run(context: Context, input: InputOf<typeof removeMember>): Promise<Outcome> {
  const { customer, member, asMember } = input;
  const record = await write(
    context,
    { action: 'members remove', asked: { customer, member, as_member: asMember } },
    (tx, change) => remove(tx, change, input),
  );
  return { record };
}
