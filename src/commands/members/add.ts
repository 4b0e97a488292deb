import { addMember as add } from '../../customers/add-member.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { write } from '../write.ts';
import { type Options, verb } from '../verb.ts';
import { Option } from '@commander-js/extra-typings';
import { asMemberOption } from './options.ts';

export const command = verb({
  examples: [
    ['subctl members add acme ann --role admin', 'ann is an admin of acme'],
    ['subctl members add acme bob --json', 'bob takes a seat'],
  ],
  exits: [3, 4, 8],
  rows: true,
  asOf: true,
  writes: true,
})
  .description('The plan version limits the number of seats. A person who rejoins keeps the earlier history.')
  .argument('<customer>', 'id of the group')
  .argument('<member>', 'id of the person in the application')
  .addOption(
    new Option('--role <role>', 'role in the group; an admin manages it')
      .choices(['member', 'admin'])
      .default('member'),
  )
  .option('--name <name>', 'display name')
  .option('--email <address>', 'address for notifications')
  .addOption(asMemberOption);

/** Adds a member to a group. */
export async function run(
  context: Context,
  customer: string,
  member: string,
  options: Options<typeof command>,
): Promise<Outcome> {
  const input = { customer, member, ...options };
  const { role, asMember } = input;
  const record = await write(
    context,
    { action: 'members add', asked: { customer, member, role, as_member: asMember } },
    (tx, change) => add(tx, change, input),
  );
  return { record };
}
