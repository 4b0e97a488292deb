import type { Row } from '../database/columns.ts';
import type { Db } from '../database/connect.ts';
import { needCustomer } from './find-customer.ts';
import { type Seats, countSeats } from './seats.ts';
import type { members } from '../database/schema/customers.ts';

export interface MemberRow extends Pick<
  Row<typeof members>,
  'role' | 'name' | 'email' | 'joined_at' | 'left_at'
> {
  member: string;
}

/** Lists the members of a group at `now` by id, with `all` also former members, and counts the seats. Failure not_found. */
export async function listMembers(
  db: Db,
  { customer, now, all }: { customer: string; now: Date; all: boolean },
): Promise<{ rows: MemberRow[]; seats: Seats }> {
  await needCustomer(db, customer);
  const rows = await db<MemberRow[]>`
    select member_id as member, role, name, email, joined_at, left_at
      from subctl.members
     where customer_id = ${customer} and (${all}::boolean or (joined_at <= ${now} and (left_at is null or left_at > ${now})))
     order by member_id collate "C"`;
  return { rows, seats: await countSeats(db, customer, now) };
}
