import { addMember as add } from '../../customers/add-member.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { InputOf } from '../command.ts';
import type { Context } from '../context.ts';
import { write } from '../write.ts';
import type { addMember } from './spec.ts';

/** Gives a person a seat. */
export async function run(context: Context, input: InputOf<typeof addMember>): Promise<Outcome> {
  const { customer, member, role, asMember } = input;
  const record = await write(
    context,
    { action: 'members add', asked: { customer, member, role, as_member: asMember } },
    (tx, change) => add(tx, change, input),
  );
  return { record };
}
