import { removeMember as remove } from '../../customers/remove-member.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { write } from '../write.ts';
import { type Options, verb } from '../verb.ts';
import { asMemberOption } from './options.ts';

export const command = verb({
  examples: [
    ['subctl members remove acme bob', 'free the seat'],
    ['subctl members remove acme bob --reason "left the company"', 'record a reason in the audit log'],
  ],
  exits: [3, 4],
  rows: true,
  asOf: true,
  writes: true,
})
  .argument('<customer>', 'id of the group')
  .argument('<member>', 'id of the person in the application')
  .addOption(asMemberOption);

/** Removes a member from a group. */
export async function run(
  context: Context,
  customer: string,
  member: string,
  options: Options<typeof command>,
): Promise<Outcome> {
  const input = { customer, member, ...options };
  const { asMember } = input;
  const record = await write(
    context,
    { action: 'members remove', asked: { customer, member, as_member: asMember } },
    (tx, change) => remove(tx, change, input),
  );
  return { record };
}
