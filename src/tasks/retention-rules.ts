import type { Db } from '../database/connect.ts';

/** Rows that need not be kept. `retention rule` takes away at most `batch` of them and gives their number; `count` counts them all. */
export interface RetentionRule {
  subject: string;
  action: string;
  reason: string;
  count(db: Db, asOf: Date): Promise<number>;
  sweep(tx: Db, asOf: Date, batch: number): Promise<number>;
}

/** Older than this nothing is recorded any more, so no key can come back (R15) and no window changes. */
const closedFor = (db: Db, asOf: Date) =>
  db`(${asOf}::timestamptz - make_interval(days => 10 + coalesce(subctl_internal.setting('lateness_days')::int, 35)))`;

const oldKeys: RetentionRule = {
  subject: 'usage_keys',
  action: 'delete',
  reason: 'keys of events that are too old to be recorded again',
  count: (db, asOf) =>
    one(db`select count(*)::int as n from subctl.usage_keys where event_at < ${closedFor(db, asOf)}`),
  sweep: (tx, asOf, batch) =>
    one(tx`
    with old as (select customer_id, key from subctl.usage_keys where event_at < ${closedFor(tx, asOf)} limit ${batch}),
         gone as (delete from subctl.usage_keys k using old where k.customer_id = old.customer_id and k.key = old.key returning 1)
    select count(*)::int as n from gone`),
};

const expiredReservations: RetentionRule = {
  subject: 'reservations',
  action: 'expire',
  reason: 'reservations that are past their time',
  count: (db, asOf) =>
    one(
      db`select count(*)::int as n from subctl.reservations where status = 'held' and expires_at <= ${asOf}`,
    ),
  sweep: (tx, asOf, batch) =>
    one(tx`
    with old as (select customer_id, id from subctl.reservations where status = 'held' and expires_at <= ${asOf} order by expires_at limit ${batch}),
         gone as (update subctl.reservations r set status = 'expired', ended_at = r.expires_at from old
                   where r.customer_id = old.customer_id and r.id = old.id and r.status = 'held' returning 1)
    select count(*)::int as n from gone`),
};

const endedReservations: RetentionRule = {
  subject: 'reservations',
  action: 'delete',
  reason: 'reservations that ended long ago',
  count: (db, asOf) =>
    one(
      db`select count(*)::int as n from subctl.reservations where status <> 'held' and ended_at < ${closedFor(db, asOf)}`,
    ),
  sweep: (tx, asOf, batch) =>
    one(tx`
    with old as (select customer_id, id from subctl.reservations where status <> 'held' and ended_at < ${closedFor(tx, asOf)} limit ${batch}),
         gone as (delete from subctl.reservations r using old where r.customer_id = old.customer_id and r.id = old.id returning 1)
    select count(*)::int as n from gone`),
};

/** The instant before which rows are past their time, by a setting of days. */
const before = (db: Db, asOf: Date, setting: string, preset: number) =>
  db`(${asOf}::timestamptz - make_interval(days => coalesce(subctl_internal.setting(${setting})::int, ${preset})))`;

/** The longest rolling window is 31 days; the newest mark before all of them carries the running total and stays. */
const oldMarks: RetentionRule = {
  subject: 'usage_rolling_totals',
  action: 'delete',
  reason: 'running totals from before every rolling window',
  count: (db, asOf) =>
    one(db`select count(*)::int as n from subctl.usage_rolling_totals m where ${isOldMark(db, asOf)}`),
  sweep: (tx, asOf, batch) =>
    one(tx`
    with old as (select m.customer_id, m.meter_id, m.subject, m.at from subctl.usage_rolling_totals m where ${isOldMark(tx, asOf)} limit ${batch}),
         gone as (delete from subctl.usage_rolling_totals k using old
                   where k.customer_id = old.customer_id and k.meter_id = old.meter_id and k.subject = old.subject and k.at = old.at returning 1)
    select count(*)::int as n from gone`),
};

function isOldMark(db: Db, asOf: Date) {
  const cut = db`(${closedFor(db, asOf)} - interval '32 days')`;
  return db`m.at < ${cut} and exists (
    select 1 from subctl.usage_rolling_totals n
     where n.customer_id = m.customer_id and n.meter_id = m.meter_id and n.subject = m.subject and n.at > m.at and n.at < ${cut})`;
}

const oldRuns: RetentionRule = {
  subject: 'job_runs',
  action: 'delete',
  reason: 'runs that are past their retention',
  count: (db, asOf) =>
    one(
      db`select count(*)::int as n from subctl.job_runs where outcome <> 'running' and started_at < ${before(db, asOf, 'runs_days', 90)}`,
    ),
  sweep: (tx, asOf, batch) =>
    one(tx`
    with old as (select task, scheduled_for, sequence from subctl.job_runs
                  where outcome <> 'running' and started_at < ${before(tx, asOf, 'runs_days', 90)} order by started_at limit ${batch}),
         gone as (delete from subctl.job_runs r using old
                   where r.task = old.task and r.scheduled_for = old.scheduled_for and r.sequence = old.sequence returning 1)
    select count(*)::int as n from gone`),
};

const oldWebhooks: RetentionRule = {
  subject: 'stripe_events',
  action: 'delete',
  reason: 'settled webhooks that are past their retention',
  count: (db, asOf) =>
    one(
      db`select count(*)::int as n from subctl.stripe_events where status in ('processed', 'ignored') and received_at < ${before(db, asOf, 'webhooks_days', 90)}`,
    ),
  sweep: (tx, asOf, batch) =>
    one(tx`
    with old as (select id from subctl.stripe_events
                  where status in ('processed', 'ignored') and received_at < ${before(tx, asOf, 'webhooks_days', 90)} order by received_at limit ${batch}),
         gone as (delete from subctl.stripe_events e using old where e.id = old.id returning 1)
    select count(*)::int as n from gone`),
};

/** What sent notifications said; that they were sent stays, so that none is sent twice. */
const oldNotifications: RetentionRule = {
  subject: 'notifications',
  action: 'erase',
  reason: 'sent notices whose contents are past their retention',
  count: (db, asOf) =>
    one(db`select count(*)::int as n from subctl.notifications n where ${isOldNotification(db, asOf)}`),
  sweep: (tx, asOf, batch) =>
    one(tx`
    with old as (select n.customer_id, n.id from subctl.notifications n where ${isOldNotification(tx, asOf)} limit ${batch}),
         gone as (update subctl.notifications k set payload = jsonb_build_object('customer', k.customer_id, 'erased', true), last_error = null
                    from old where k.customer_id = old.customer_id and k.id = old.id returning 1)
    select count(*)::int as n from gone`),
};

const isOldNotification = (db: Db, asOf: Date) =>
  db`coalesce(subctl_internal.setting('notices_days')::int, 0) > 0 and n.sent_at < ${before(db, asOf, 'notices_days', 0)}
     and not n.payload ? 'erased'`;

export const retentionRules: readonly RetentionRule[] = [
  expiredReservations,
  endedReservations,
  oldKeys,
  oldMarks,
  oldRuns,
  oldWebhooks,
  oldNotifications,
];

async function one(query: PromiseLike<readonly unknown[]>): Promise<number> {
  return ((await query)[0] as { n: number }).n;
}
