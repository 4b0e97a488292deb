import type { Db } from '../database/connect.ts';
import { Failure } from '../domain/failure.ts';

/**
 * Checks that `asMember` may manage the group: an admin of this group. Undefined is an administrator of the installation.
 * @throws Failure refused
 */
export async function checkManager(
  tx: Db,
  { customer, asMember }: { customer: string; asMember?: string | undefined },
): Promise<void> {
  if (asMember === undefined) return;
  const [row] = await tx<{ role: string }[]>`
    select role from subctl.members where customer_id = ${customer} and member_id = ${asMember} and left_at is null`;
  if (row?.role === 'admin') return;
  throw new Failure(
    'refused',
    row
      ? `${asMember} is a member of ${customer} but not an admin`
      : `${asMember} is not a member of ${customer}`,
    { hint: `Ask an admin of the group: subctl members list ${customer}` },
  );
}
