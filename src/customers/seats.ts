import type { Db } from '../database/connect.ts';

/** The number of members of a group at `now`, and of its seats: those of the plan, or those that were bought; null is any number. */
export interface Seats {
  used: number;
  allowed: number | null;
  plan: string | null;
}

/** Counts the seats that the customer's plan allows, by dates (R20). */
export async function countSeats(db: Db, customer: string, now: Date): Promise<Seats> {
  const [row] = await db<[Seats]>`
    select (select count(*)::int from subctl.members m
             where m.customer_id = ${customer} and m.joined_at <= ${now} and (m.left_at is null or m.left_at > ${now})) as used,
           least(v.max_users, subctl_internal.seats_at(${customer}, ${now})) as allowed, e.plan_id as plan
      from subctl_internal.effective_subscription(${customer}, ${now}) e
      left join subctl.plan_versions v on v.plan_id = e.plan_id and v.version = e.version`;
  return row;
}
