import { type ChangedMember, revokeRole } from '../../roles/change-member.ts';
import { parseRole } from '../../roles/role-names.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { changeOutcome } from '../subscriptions/change-outcome.ts';
import { write } from '../write.ts';
import { verb } from '../verb.ts';

export const command = verb({
  examples: [
    ['subctl roles revoke admin ann', 'she is no admin any more'],
    ['subctl roles revoke reader web --dry-run', 'only whether it could be'],
  ],
  exits: [3, 4],
  rows: true,
  writes: true,
})
  .description(
    'The last superadmin stays one. Connections that are open are refused from their next statement ' + 'on.',
  )
  .argument('<role>', 'superadmin, admin, reader, personal, app or bound')
  .argument('<account>', 'an account of the database server');

/** Takes a role from an account. */
export async function run(context: Context, word: string, account: string): Promise<Outcome> {
  const asked = { role: parseRole(word), account };
  const done = await write<ChangedMember>(context, { action: 'roles revoke', asked }, (tx, change) =>
    revokeRole(tx, change, asked),
  );
  const { role } = done;
  const sentence = done.changed
    ? `${account} no longer has the role ${role}`
    : `${account} does not have the role ${role}`;
  return changeOutcome(context, { ...done, sentence });
}
