import type { Db } from '../database/connect.ts';

export interface OutboxFilter {
  customer?: string | undefined;
  kind?: string | undefined;
  state?: 'waiting' | 'sent' | 'dead' | undefined;
  limit: number;
}

/** A notification in the outbox; `state` is waiting until it was sent, dead when it was given up. */
export interface OutboxRow {
  created_at: Date;
  customer: string;
  kind: string;
  channel: string;
  state: 'waiting' | 'sent' | 'dead';
  attempts: number;
  next_try_at: Date | null;
  sent_at: Date | null;
  error: string | null;
  id: string;
  fields: Record<string, string>;
}

/** Lists notifications, newest first. */
export async function listOutbox(
  db: Db,
  { customer, kind, state, limit }: OutboxFilter,
): Promise<OutboxRow[]> {
  return db<OutboxRow[]>`
    select n.created_at, n.customer_id as customer, n.kind, n.channel, x.state, n.attempts,
           case when x.state = 'waiting' then n.next_try_at end as next_try_at, n.sent_at, n.last_error as error, n.id, n.payload as fields
      from subctl.notifications n
     cross join lateral (select case when n.sent_at is not null then 'sent' when n.dead_at is not null then 'dead' else 'waiting' end as state) x
     where (${customer ?? null}::text is null or n.customer_id = ${customer ?? null}) and (${kind ?? null}::text is null or n.kind = ${kind ?? null})
       and (${state ?? null}::text is null or x.state = ${state ?? null})
     order by n.created_at desc, n.customer_id, n.id
     limit ${limit}`;
}
