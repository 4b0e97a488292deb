import { and, eq, sql } from 'drizzle-orm';
import { type Change, audit } from '../database/change.ts';
import type { Db } from '../database/connect.ts';
import { orm } from '../database/orm.ts';
import { members } from '../database/schema/customers.ts';
import { Failure } from '../domain/failure.ts';
import { findMember } from './add-member.ts';
import { checkManager } from './check-manager.ts';
import { lockCustomer } from './find-customer.ts';

/**
 * Removes a member from a group at the change's instant. The row stays, with the member's usage (R20).
 * @throws Failure not_found when there is no such member or the member has left, refused where `asMember` is not an admin of the group
 */
export async function removeMember(
  tx: Db,
  change: Change,
  asked: { customer: string; member: string; asMember?: string | undefined },
): Promise<Record<string, unknown>> {
  await lockCustomer(tx, asked.customer);
  await checkManager(tx, { customer: asked.customer, asMember: asked.asMember });
  const before = await findMember(tx, asked);
  if (!before || before.left_at !== null) {
    throw new Failure(
      'not_found',
      `${asked.member} is not a member of ${asked.customer}${before ? ' any longer' : ''}`,
      {
        hint: `subctl members list ${asked.customer}`,
      },
    );
  }
  await orm(tx)
    .update(members)
    .set({ leftAt: sql`greatest(${change.at}::timestamptz, ${members.joinedAt})`, changeId: change.id })
    .where(and(eq(members.customerId, asked.customer), eq(members.memberId, asked.member)));
  const after = (await findMember(tx, asked))!;
  await audit(tx, change, [{ customer: asked.customer, entity: 'member', key: asked.member, before, after }]);
  return { customer: asked.customer, ...after };
}
