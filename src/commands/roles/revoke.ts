import { type ChangedMember, revokeRole } from '../../roles/change-member.ts';
import { parseRole } from '../../roles/role-names.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { changeOutcome } from '../subscriptions/change-outcome.ts';
import { write } from '../write.ts';
import { verb } from '../verb.ts';

export const command = verb({
  examples: [
    ['subctl roles revoke admin ann', 'ann is no longer an admin'],
    ['subctl roles revoke reader web --dry-run', 'check that the role can be revoked'],
  ],
  exits: [3, 4],
  rows: true,
  writes: true,
})
  .description(
    'The last superadmin cannot be revoked. Open connections lose the rights from their next ' +
      'statement on.',
  )
  .argument('<role>', 'superadmin, admin, reader, personal, app or bound')
  .argument('<account>', 'account on the database server');

/** Revokes a role from an account. */
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
