import type { Customer } from '../customers/find-customer.ts';
import type { Db } from '../database/connect.ts';
import { Failure } from '../domain/failure.ts';

/**
 * Checks a member who buys for a group: only its admins may buy, and a second purchase of the group's present plan is refused, because
 * every member already has it.
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
    throw new Failure('refused', `${customer.id} is a user, not a group, so no member can buy for it`, {
      hint: 'Omit --buyer',
    });
  const [member] = await db<{ role: string }[]>`
    select role from subctl.members where customer_id = ${customer.id} and member_id = ${buyer} and left_at is null`;
  if (member?.role !== 'admin')
    throw new Failure(
      'refused',
      `${buyer} is ${member ? 'a member of' : 'not in'} ${customer.id}, and only its admins can buy for it`,
      { hint: `subctl members list ${customer.id}` },
    );
  if (holds === plan)
    throw new Failure('refused', `${customer.id} already has ${plan}, and so have all its members`, {
      hint: `subctl subscriptions show ${customer.id}`,
    });
}
