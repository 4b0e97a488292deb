import type { Db } from '../database/connect.ts';
import { Failure } from '../domain/failure.ts';
import { findNotificationKind } from './kinds.ts';
import type { Channel, Notification, Recipient } from './notification.ts';
import { renderNotification } from './render.ts';
import type { Outbox } from './outbox.ts';

/** A row of the outbox that is being sent. Its next try is already stored, so that a crash leaves it to that try. */
export interface ClaimedNotification extends Notification {
  channel: 'email' | 'webhook';
  attempts: number;
  emails: string[];
  muted: boolean;
}

/** The result of a try. `gone` notifications are not tried again. */
export interface DeliveryAttempt {
  notification: ClaimedNotification;
  outcome: 'sent' | 'later' | 'gone';
  error: string | null;
}

/** Minutes between the tries; after the last one a notification is dead. */
const pauses = [1, 5, 15, 60, 180, 360, 720, 1440];

/** Queues due notifications, at most `batch`, and returns how many are new. */
export async function queueNotifications(
  tx: Db,
  { asOf, customer, batch }: { asOf: Date; customer?: string | undefined; batch: number },
): Promise<number> {
  const [row] = await tx<[{ queued: number }]>`
    select count(*) filter (where subctl_internal.queue_notice(d.customer_id, d.kind, d.dedupe_key, d.payload, ${asOf}))::int as queued
      from subctl_internal.due_notices(${asOf}, ${customer ?? null}, ${batch}) d`;
  return row.queued;
}

/** Adds a webhook copy of every waiting email, where notifications use both channels. */
export async function addWebhookNotifications(tx: Db, asOf: Date): Promise<void> {
  await tx`
    insert into subctl.notifications (customer_id, id, kind, channel, dedupe_key, payload, created_at, next_try_at)
    select n.customer_id, n.id || '-webhook', n.kind, 'webhook', n.dedupe_key || ':webhook', n.payload, n.created_at, n.next_try_at
      from subctl.notifications n
     where n.channel = 'email' and n.sent_at is null and n.dead_at is null and n.attempts = 0 and n.next_try_at <= ${asOf}
    on conflict do nothing`;
}

/** Takes up to `count` due notifications and stores their next try before anything is sent. */
export async function claimNotifications(
  tx: Db,
  { asOf, customer, count }: { asOf: Date; customer?: string | undefined; count: number },
): Promise<ClaimedNotification[]> {
  return tx<ClaimedNotification[]>`
    with due as (
      select n.customer_id, n.id from subctl.notifications n
       where n.sent_at is null and n.dead_at is null and n.next_try_at <= ${asOf} and (${customer ?? null}::text is null or n.customer_id = ${customer ?? null})
       order by n.next_try_at, n.customer_id, n.id limit ${count}
    ), taken as (
      update subctl.notifications n
         set attempts = n.attempts + 1, next_try_at = ${asOf}::timestamptz + make_interval(mins => (${pauses}::int[])[least(n.attempts + 1, ${pauses.length})])
        from due d where n.customer_id = d.customer_id and n.id = d.id and n.sent_at is null and n.dead_at is null and n.next_try_at <= ${asOf}
      returning n.customer_id, n.id, n.kind, n.channel, n.payload, n.created_at, n.attempts
    )
    select t.customer_id as customer, t.id, t.kind, t.channel, t.created_at as at, t.attempts,
           (select jsonb_object_agg(f.key, coalesce(f.value, '')) from jsonb_each_text(t.payload) f) as fields,
           coalesce(case when c.email is not null then array[c.email] else (
             select array_agg(m.email order by m.member_id) from subctl.members m
              where m.customer_id = t.customer_id and m.role = 'admin' and m.left_at is null and m.email is not null) end, '{}') as emails,
           exists (select from subctl.notification_preferences p
                    where p.customer_id = t.customer_id and p.kind = t.kind and p.channel in ('', t.channel)) as muted
      from taken t left join subctl.customers c on c.id = t.customer_id
     order by t.created_at, t.customer_id, t.id`;
}

/** Sends one notification. Never throws for a receiver's failure. */
export async function deliverNotification(
  notification: ClaimedNotification,
  { channels, templates, operators }: Outbox,
): Promise<DeliveryAttempt> {
  const channel = channels.find(({ name }) => name === notification.channel) ?? (channels[0] as Channel);
  if (notification.muted && !findNotificationKind(notification.kind)?.essential)
    return { notification, outcome: 'gone', error: 'muted by the customer' };
  try {
    const fields = notification.fields ?? {};
    const message = renderNotification({ kind: notification.kind, fields }, templates.get(notification.kind));
    await channel.send(
      { ...notification, fields },
      message,
      recipientOf(notification, { channel, operators }),
    );
    return { notification, outcome: 'sent', error: null };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const forGood = error.kind === 'refused' || notification.attempts >= pauses.length;
    return { notification, outcome: forGood ? 'gone' : 'later', error: error.message };
  }
}

/** Notifications without a customer go to the operator; they wait while no operator's address is set. */
function recipientOf(
  { customer, emails }: ClaimedNotification,
  { channel, operators }: { channel: Channel; operators: readonly string[] },
): Recipient {
  if (customer !== '') return { emails };
  if (channel.name === 'email' && operators.length === 0)
    throw new Failure(
      'unavailable',
      'SUBCTL_OPERATOR_EMAIL is not set, so there is no address to send this to',
    );
  return { emails: operators };
}

/** Stores the results of the tries. */
export async function recordAttempts(tx: Db, tries: readonly DeliveryAttempt[], asOf: Date): Promise<void> {
  const rows = tries.map(({ notification: { customer, id }, outcome, error }) => ({
    customer,
    id,
    outcome,
    error,
  }));
  await tx`
    update subctl.notifications n
       set sent_at = case when t.outcome = 'sent' then ${asOf}::timestamptz end, dead_at = case when t.outcome = 'gone' then ${asOf}::timestamptz end,
           last_error = t.error, next_try_at = case when t.outcome = 'later' then n.next_try_at end
      from jsonb_to_recordset(${tx.json(rows)}) t(customer text, id text, outcome text, error text)
     where n.customer_id = t.customer and n.id = t.id and n.sent_at is null`;
}
