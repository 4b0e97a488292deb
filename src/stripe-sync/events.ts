import type { Row } from '../database/columns.ts';
import type { Db } from '../database/connect.ts';
import type { stripeEvents } from '../database/schema/stripe.ts';
import { Failure } from '../domain/failure.ts';

/** A webhook in the inbox, as `--json` shows it. */
export interface EventRow
  extends Record<string, unknown>, Pick<Row<typeof stripeEvents>, 'id' | 'type' | 'status'> {
  customer: string | null;
}

const columns = (db: Db) => db`
  id, type, status, customer_id as customer, attempts, created_at, received_at, processed_at, next_try_at, last_error, note`;

export interface EventFilter {
  statuses: readonly string[];
  types: readonly string[];
  customer?: string | undefined;
  limit: number;
}

/** Lists the received webhooks, newest first. */
export async function listEvents(
  db: Db,
  { statuses, types, customer, limit }: EventFilter,
): Promise<EventRow[]> {
  return db<EventRow[]>`
    select ${columns(db)} from subctl.stripe_events
     where (${statuses.length === 0} or status = any (${[...statuses]}::text[])) and (${types.length === 0} or type = any (${[...types]}::text[]))
       and (${customer ?? null}::text is null or customer_id = ${customer ?? null})
     order by created_at desc, id desc limit ${limit}`;
}

export async function findEvent(db: Db, id: string): Promise<(EventRow & { payload: unknown }) | undefined> {
  const [row] = await db<
    (EventRow & { payload: unknown })[]
  >`select ${columns(db)}, payload from subctl.stripe_events where id = ${id}`;
  return row;
}

/** Finds a webhook. @throws Failure not_found */
export async function getEvent(db: Db, id: string): Promise<EventRow & { payload: unknown }> {
  const found = await findEvent(db, id);
  if (found) return found;
  throw new Failure('not_found', `There is no webhook ${id}`, {
    hint: 'List webhooks: subctl stripe events list; fetch missed ones: subctl stripe events replay',
  });
}

/**
 * Makes waiting or failed webhooks due now, one or all of them, and returns their ids; with `look` it only returns them. A settled one
 * stays settled.
 * @throws Failure not_found for an unknown id
 */
export async function wakeEvents(
  tx: Db,
  { id, now, look = false }: { id?: string | undefined; now: Date; look?: boolean },
): Promise<string[]> {
  if (id !== undefined) {
    const { status } = await getEvent(tx, id);
    if (status === 'processed' || status === 'ignored') return [];
  }
  if (look) return [];
  const rows = await tx<{ id: string }[]>`
    update subctl.stripe_events set next_try_at = ${now}
     where status in ('received', 'failed') and (${id ?? null}::text is null or id = ${id ?? null}) returning id`;
  return rows.map((row) => row.id);
}
