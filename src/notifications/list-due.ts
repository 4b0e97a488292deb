import type { Db } from '../database/connect.ts';

interface Which {
  asOf: Date;
  customer?: string | undefined;
}

/** A notification that would be queued or tried: its customer, its kind, and why. */
export interface DueNotification {
  customer: string;
  subject: string;
  action: 'queue' | 'send';
  reason: string;
  due_at: Date;
}

/** Lists what a run would queue, and what it would try to send. */
export async function listDueNotifications(
  db: Db,
  { asOf, customer = undefined }: Which,
): Promise<DueNotification[]> {
  return db<DueNotification[]>`
    select d.customer_id as customer, d.dedupe_key as subject, 'queue' as action, d.kind as reason, d.due_at
      from subctl_internal.due_notices(${asOf}, ${customer ?? null}) d
    union all
    select n.customer_id, n.id, 'send', n.kind || case when n.attempts > 0 then ', try ' || n.attempts + 1 else '' end, n.next_try_at
      from subctl.notifications n
     where n.sent_at is null and n.dead_at is null and n.next_try_at <= ${asOf} and (${customer ?? null}::text is null or n.customer_id = ${customer ?? null})
     order by due_at, customer, subject`;
}

/** Whether anything is due to be queued. */
export async function isAnythingDue(db: Db, { asOf, customer }: Which): Promise<boolean> {
  const rows = await db`select from subctl_internal.due_notices(${asOf}, ${customer ?? null}, 1) limit 1`;
  return rows.length > 0;
}

/** Whether a notification in the outbox is due. */
export async function isAnyWaiting(db: Db, { asOf, customer }: Which): Promise<boolean> {
  const rows = await db`
    select from subctl.notifications n
     where n.sent_at is null and n.dead_at is null and n.next_try_at <= ${asOf} and (${customer ?? null}::text is null or n.customer_id = ${customer ?? null})
     limit 1`;
  return rows.length > 0;
}
