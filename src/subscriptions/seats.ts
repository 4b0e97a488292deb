import type { Db } from '../database/connect.ts';
import { Failure } from '../domain/failure.ts';
import type { Terms } from './terms.ts';

/** Refuses a plan that has fewer seats than a group has members, with their names (R20). */
export async function checkSeats(tx: Db, customer: string, { plan, maxUsers }: Terms): Promise<void> {
  if (maxUsers === null) return;
  const members = await tx<{ id: string }[]>`
    select member_id as id from subctl.members where customer_id = ${customer} and left_at is null order by member_id`;
  if (members.length <= maxUsers) return;
  const named = members
    .slice(0, 20)
    .map(({ id }) => id)
    .join(', ');
  throw new Failure(
    'refused',
    `Plan ${plan} allows ${maxUsers} members and ${customer} has ${members.length}: ${named}`,
    {
      hint: `subctl members remove ${customer} MEMBER`,
    },
  );
}
