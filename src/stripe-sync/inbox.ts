import type Stripe from 'stripe';
import type { Db } from '../database/connect.ts';
import { createdOf, type WebhookEvent } from '../payments/stripe-webhook.ts';

/** An event in the inbox. */
export interface InboxEvent {
  id: string;
  type: string;
  status: 'received' | 'processed' | 'ignored' | 'failed';
  createdAt: Date;
  receivedAt: Date;
  attempts: number;
  nextTryAt: Date | null;
  lastError: string | null;
  processedAt: Date | null;
  note: string | null;
  customer: string | null;
}

/** An event as the database stores it: invalid text (a character of code 0, half of a surrogate pair) is replaced. */
const storable = (event: WebhookEvent): unknown =>
  JSON.parse(JSON.stringify(event), (_key, value: unknown) =>
    typeof value === 'string' ? Buffer.from(value.replaceAll('\u0000', '\ufffd')).toString() : value,
  );

/** Stores an event before it is processed; an event that arrives again is stored once. Returns whether it is new. */
export async function receiveEvent(db: Db, event: WebhookEvent, now: Date): Promise<boolean> {
  const rows = await db`
    insert into subctl.stripe_events (id, type, created_at, received_at, payload, live, next_try_at)
    values (${event.id}, ${event.type}, ${createdOf(event)}, ${now}, ${db.json(storable(event) as never)}, ${event.livemode}, ${now})
    on conflict (id) do nothing
    returning id`;
  return rows.length > 0;
}

const eventColumns = (db: Db) => db`
  id, type, status, created_at as "createdAt", received_at as "receivedAt", attempts, next_try_at as "nextTryAt", last_error as "lastError",
  processed_at as "processedAt", note, customer_id as customer`;

/** Lists the waiting events, oldest first, at most `limit`: new ones, and failed ones whose next try is due. */
export async function listWaiting(
  db: Db,
  now: Date,
  limit: number,
): Promise<(InboxEvent & { payload: Stripe.Event })[]> {
  return db<(InboxEvent & { payload: Stripe.Event })[]>`
    select ${eventColumns(db)}, payload from subctl.stripe_events
     where status in ('received', 'failed') and next_try_at <= ${now}
     order by created_at, id limit ${limit}`;
}

/** Stores the result of an event; a settled one stays as it is. */
export async function settleEvent(
  tx: Db,
  id: string,
  {
    status,
    note,
    customer,
    now,
  }: { status: 'processed' | 'ignored'; note: string | null; customer: string | null; now: Date },
): Promise<void> {
  await tx`
    update subctl.stripe_events
       set status = ${status}, note = ${note}, customer_id = ${customer}, attempts = attempts + 1, last_error = null, next_try_at = null, processed_at = ${now}
     where id = ${id} and status in ('received', 'failed')`;
}

/** Minutes until each next try. After the last one the event waits for `stripe events retry`. */
const pauses = [1, 5, 30, 120, 480, 1440];

/** Stores that an event failed, why, and when it is tried again. */
export async function failEvent(
  tx: Db,
  id: string,
  { error, now }: { error: string; now: Date },
): Promise<void> {
  await tx`
    update subctl.stripe_events
       set status = 'failed', attempts = attempts + 1, last_error = ${error},
           next_try_at = ${now}::timestamptz + make_interval(mins => (${pauses}::int[])[attempts + 1])
     where id = ${id} and status in ('received', 'failed')`;
}

/** Finds another unsettled failed event about the same Stripe object. */
export async function findFailed(db: Db, object: string, but: string): Promise<string | undefined> {
  const [row] = await db<{ id: string }[]>`
    select id from subctl.stripe_events
     where status = 'failed' and id <> ${but} and ${object} in (payload->'data'->'object'->>'id', payload->'data'->'object'->>'subscription')
     order by created_at, id limit 1`;
  return row?.id;
}
