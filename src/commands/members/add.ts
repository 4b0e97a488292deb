import { addMember as add } from '../../customers/add-member.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { write } from '../write.ts';
import { type Options, verb } from '../verb.ts';
import { Option } from '@commander-js/extra-typings';
import { asMemberOption } from './options.ts';

export const command = verb({
  examples: [
    ['subctl members add acme ann --role admin', 'ann manages acme'],
    ['subctl members add acme bob --json', 'a seat for bob'],
  ],
  exits: [3, 4, 8],
  rows: true,
  asOf: true,
  writes: true,
})
  .description(
    'Seats are limited by the plan’s version. A person who left comes back with the history of ' + 'before.',
  )
  .argument('<customer>', 'id of the group')
  .argument('<member>', 'the person’s id in the application')
  .addOption(
    new Option('--role <role>', 'an admin manages the group').choices(['member', 'admin']).default('member'),
  )
  .option('--name <name>', 'for people')
  .option('--email <address>', 'for notices')
  .addOption(asMemberOption);

/** Gives a person a seat. */
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
