import { type Change, audit } from '../database/change.ts';
import type { Db } from '../database/connect.ts';
import { orm } from '../database/orm.ts';
import { members } from '../database/schema/customers.ts';
import { Failure } from '../domain/failure.ts';
import { checkManager } from './check-manager.ts';
import { checkId } from './customer-id.ts';
import { lockCustomer } from './find-customer.ts';
import { countSeats } from './seats.ts';

export interface NewMember {
  customer: string;
  member: string;
  role: 'member' | 'admin';
  name?: string | undefined;
  email?: string | undefined;
  /** the member who adds; undefined: an administrator of the installation, or a person who joins by a code */
  asMember?: string | undefined;
}

/**
 * Adds a member to a group; a former member returns with all history. Seats are counted under the customer's lock, so that two concurrent
 * calls never share the last one (R20).
 * @throws Failure not_found, refused where the customer is not a group, the plan has no free seat or `asMember` is not an admin of the
 * group, conflict for a present member
 */
export async function addMember(tx: Db, change: Change, asked: NewMember): Promise<Record<string, unknown>> {
  const group = await lockCustomer(tx, asked.customer);
  await checkId(tx, asked.member, 'member');
  if (group.kind !== 'group') {
    throw new Failure('refused', `Customer ${group.id} is a user, and only groups have members`, {
      hint: 'Create a group: subctl customers add ID --kind group',
    });
  }
  await checkManager(tx, { customer: group.id, asMember: asked.asMember });
  const before = await findMember(tx, asked);
  if (before && before.left_at === null) {
    throw new Failure(
      'conflict',
      `${asked.member} is already a member of ${group.id}, as ${String(before.role)}`,
      {
        hint: `To change the role: subctl members remove ${group.id} ${asked.member}, then add the member again`,
      },
    );
  }
  await checkSeat(tx, change, asked);
  const { member: memberId, role, name, email } = asked;
  const row = { role, name, email, leftAt: null, changeId: change.id };
  await orm(tx)
    .insert(members)
    .values({ customerId: group.id, memberId, joinedAt: change.at, ...row })
    .onConflictDoUpdate({ target: [members.customerId, members.memberId], set: row }); // what is not given stays
  const after = await findMember(tx, asked);
  await audit(tx, change, [
    { customer: group.id, entity: 'member', key: asked.member, before: before ?? null, after: after ?? null },
  ]);
  return { customer: group.id, ...after };
}

/** Finds a person's row in a group, also a former member's. */
export async function findMember(
  db: Db,
  { customer, member }: { customer: string; member: string },
): Promise<Record<string, unknown> | undefined> {
  const [row] = await db<Record<string, unknown>[]>`
    select member_id as member, role, name, email, joined_at, left_at
      from subctl.members where customer_id = ${customer} and member_id = ${member}`;
  return row;
}

async function checkSeat(tx: Db, change: Change, { customer, member }: NewMember): Promise<void> {
  const { used, allowed, plan } = await countSeats(tx, customer, change.at);
  if (allowed === null || used < allowed) return;
  throw new Failure(
    'refused',
    `Plan ${plan} allows ${allowed} members and ${customer} has ${used}: no seat for ${member}`,
    {
      hint: `List members: subctl members list ${customer}; list plans with more seats: subctl plans list`,
      details: { plan, allowed, used },
    },
  );
}
