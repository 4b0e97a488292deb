import type { Customer } from '../customers/find-customer.ts';
import type { Db } from '../database/connect.ts';
import { Failure } from '../domain/failure.ts';

/**
 * A member who buys for a group must be one of its admins, and buys once: whoever is in the group has the plan with it, and a second purchase of
 * what the group has already is refused.
 * @throws Failure refused
 */
export async function checkBuyer(
  db: Db,
  {
    customer,
    buyer,
    plan,
    holds,
  }: { customer: Customer; buyer: string; plan: string; holds: string | undefined },
): Promise<void> {
  if (customer.kind !== 'group')
    throw new Failure('refused', `${customer.id} is a user and has no members who could buy for it`, {
      hint: 'Leave --buyer out',
    });
  const [member] = await db<{ role: string }[]>`
    select role from subctl.members where customer_id = ${customer.id} and member_id = ${buyer} and left_at is null`;
  if (member?.role !== 'admin')
    throw new Failure(
      'refused',
      `${buyer} is ${member ? 'a member of' : 'not in'} ${customer.id}, and only its admins buy for it`,
      { hint: `subctl members list ${customer.id}` },
    );
  if (holds === plan)
    throw new Failure('refused', `${customer.id} has ${plan} already, and all its members with it`, {
      hint: `subctl subscriptions show ${customer.id}`,
    });
}
