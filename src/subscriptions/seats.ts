import type { Db } from '../database/connect.ts';
import { Failure } from '../domain/failure.ts';
import type { Terms } from './terms.ts';

/** Lists the members of a group who have a seat now, by id. */
export async function listSeated(db: Db, customer: string): Promise<string[]> {
  const rows = await db<{ id: string }[]>`
    select member_id as id from subctl.members where customer_id = ${customer} and left_at is null order by member_id`;
  return rows.map(({ id }) => id);
}

/**
 * Returns how many seats a customer takes: the requested number, else the present one, else one for each member.
 * @throws Failure refused for a plan that is not sold by the seat, for more seats than it has, and where members would have none, with
 * their names (R20)
 */
export async function chooseSeats(
  db: Db,
  {
    customer,
    terms,
    asked,
    held,
  }: { customer: string; terms: Terms; asked?: number | undefined; held?: number },
): Promise<number> {
  const { plan, maxUsers, perSeat } = terms;
  const members = await listSeated(db, customer);
  if (!perSeat) {
    if (asked !== undefined && asked !== 1) throw notBySeat(plan, maxUsers);
    if (maxUsers !== null && members.length > maxUsers)
      throw tooFew(customer, members, `Plan ${plan} allows ${maxUsers} members`);
    return 1;
  }
  const seats = asked ?? Math.max(held ?? 1, members.length, 1);
  checkSeats({ customer, plan, maxUsers, members }, seats);
  return seats;
}

/** Refuses more seats than a plan has, and fewer than there are members. */
export function checkSeats(
  {
    customer,
    plan,
    maxUsers,
    members,
  }: { customer: string; plan: string; maxUsers: number | null; members: string[] },
  seats: number,
): void {
  if (maxUsers !== null && seats > maxUsers) {
    throw new Failure('refused', `Plan ${plan} has at most ${maxUsers} seats, not ${seats}`, {
      hint: 'List plans with more seats: subctl plans list',
    });
  }
  if (members.length > seats)
    throw tooFew(customer, members, `${seats} ${seats === 1 ? 'seat is' : 'seats are'} too few`);
}

export const notBySeat = (plan: string, maxUsers: number | null): Failure =>
  new Failure(
    'refused',
    `Plan ${plan} is not sold by the seat: its price is for ${maxUsers === null ? 'any number of' : maxUsers} members`,
    { hint: `To sell its next version by the seat: subctl plans edit ${plan} --per-seat yes` },
  );

function tooFew(customer: string, members: readonly string[], sentence: string): Failure {
  const named = members.slice(0, 20).join(', ');
  return new Failure('refused', `${sentence} and ${customer} has ${members.length}: ${named}`, {
    hint: `subctl members remove ${customer} MEMBER`,
  });
}

/** Formats the seats; null where there is one and no change is pending. */
export function seatsWord({
  seats,
  pending_seats: next,
}: {
  seats: number;
  pending_seats: number | null;
}): string | null {
  if (next !== null) return `${seats}, ${next} from the next period on`;
  return seats === 1 ? null : String(seats);
}
