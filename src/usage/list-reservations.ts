import { needCustomer } from '../customers/find-customer.ts';
import type { Db } from '../database/connect.ts';

/** A reservation; amounts are decimal strings. */
export interface Reservation extends Record<string, unknown> {
  customer: string;
  reservation: string;
  at: Date;
  expires_at: Date;
  /** `expired` also before that is written (R16) */
  status: 'held' | 'settled' | 'released' | 'expired';
  kind: string;
  quantity: string | null;
  /** the reserved amount, by meter */
  meters: Record<string, string>;
  credits: string;
  member: string | null;
  key: string | null;
  ended_at: Date | null;
  event: string | null;
}

export interface ReservationFilter {
  customer?: string | undefined;
  /** ended ones too */
  all: boolean;
  now: Date;
  limit: number;
}

/** Lists reservations, those that expire first at the top. Failure not_found for an unknown customer. */
export async function listReservations(
  db: Db,
  { customer, all, now, limit }: ReservationFilter,
): Promise<Reservation[]> {
  if (customer !== undefined) await needCustomer(db, customer);
  return db<Reservation[]>`
    select r.customer_id as customer, r.id as reservation, r.at, r.expires_at,
           case when r.status = 'held' and r.expires_at <= ${now} then 'expired' else r.status end as status, r.asked->>'kind' as kind,
           r.held->>'quantity' as quantity, (select coalesce(jsonb_object_agg(m.key, m.value), '{}') from jsonb_each_text(r.held->'meters') m) as meters,
           r.held->>'credits' as credits, r.asked->>'member' as member, r.key, r.ended_at, r.event_id as event
      from subctl.reservations r
     where (${customer ?? null}::text is null or r.customer_id = ${customer ?? null})
       and (${all} or (r.status = 'held' and r.expires_at > ${now}))
     order by r.expires_at, r.customer_id, r.id
     limit ${limit}`;
}
