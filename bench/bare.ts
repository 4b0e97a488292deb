import type { Db } from '../src/database/connect.ts';

/** What a page of customers is given by hand: the least that any program would have to write for the same result. */
export type BareTask = (
  db: Db,
  page: { customers: string[]; asOf: string; turn: number },
) => Promise<unknown>;

/** The writes of each task, as plain statements over one page: no lock, no question whether it is due, no rule, a month is a month. */
export const bareTasks: Record<string, BareTask> = {
  'reset-monthly-usage': async (db, { customers, asOf }) => {
    await db`
      insert into subctl.usage_counters (customer_id, meter_id, "window", scope, subject, window_start, window_end, used, refused, limit_value, closed_at, change_id)
      select s.customer_id, w.meter_id, w."window", w.scope, '', o.starts, o.ends, o.used, o.refused, 500, ${asOf}, 'bare'
        from subctl.customer_windows s
        join subctl.usage_totals t on t.customer_id = s.customer_id
       cross join unnest(s.ids, s.starts, s.ends, t.used, s.refused) o(id, starts, ends, used, refused)
        join subctl.meter_windows w on w.id = o.id
       where s.customer_id = any (${customers}::text[])`;
    await db`
      update subctl.customer_windows set ids = '{}', starts = '{}', ends = '{}', refused = '{}', next_end = null
       where customer_id = any (${customers}::text[])`;
    await db`update subctl.usage_totals set used = '{}' where customer_id = any (${customers}::text[])`;
  },
  'reset-credits': (db, { customers, asOf, turn }) => db`
    with gone as (
      update subctl.credit_grants set remaining = 0, expired_at = expires_at
       where customer_id = any (${customers}::text[]) and expired_at is null and expires_at <= ${asOf}
      returning customer_id, id, amount, priority, expires_at
    ), made as (
      insert into subctl.credit_grants (customer_id, id, source, source_key, amount, remaining, priority, granted_at, expires_at, change_id)
      select customer_id, gen_random_uuid(), 'plan', 'bare:' || expires_at, amount, amount, priority, expires_at, expires_at + interval '1 month', 'bare' from gone
      returning customer_id, id, amount, granted_at
    )
    insert into subctl.credit_entries (customer_id, id, grant_id, at, kind, amount, balance_after, change_id)
    select customer_id, ${2 * turn}::int, id, expires_at, 'expire', -amount, 0, 'bare' from gone
    union all
    select customer_id, ${2 * turn + 1}::int, id, granted_at, 'grant', amount, amount, 'bare' from made`,
  'handle-renewals': (db, { customers, asOf }) => db`
    with renewed as (
      update subctl.subscriptions
         set status = 'active', current_period_start = current_period_end, current_period_end = current_period_end + interval '1 month',
             usage_reset_at = current_period_end, epoch = epoch + 1, change_id = 'bare'
       where customer_id = any (${customers}::text[]) and status = 'active'
      returning customer_id, id, current_period_start, current_period_end, collection, currency
    )
    insert into subctl.renewals (customer_id, subscription_id, period_start, attempt, period_end, at, outcome, collection, currency, change_id)
    select customer_id, id, current_period_start, 1, current_period_end, ${asOf}, 'renewed', collection, currency, 'bare' from renewed`,
  'check-expired': async (db, { customers, asOf }) => {
    await db`
      with ended as (
        update subctl.subscriptions
           set status = 'expired', ended_at = current_period_end, from_at = current_period_end, usage_reset_at = current_period_end, epoch = epoch + 1, change_id = 'bare'
         where customer_id = any (${customers}::text[]) and status = 'active'
        returning *
      ), segments as (
        insert into subctl.subscription_phases (customer_id, subscription_id, from_at, previous_status, status, plan_id, version, every, anchor,
          anchor_timezone, cause, written_at, change_id)
        select customer_id, id, ended_at, 'active', 'expired', plan_id, version, every, anchor, anchor_timezone, 'expiry', ${asOf}, 'bare' from ended
      )
      insert into subctl.usage_resets (customer_id, at, subscription_id, cause, written_at, change_id)
      select customer_id, ended_at, id, 'expiry', ${asOf}, 'bare' from ended`;
    await db`
      with gone as (
        update subctl.credit_grants set remaining = 0, expired_at = expires_at
         where customer_id = any (${customers}::text[]) and expired_at is null
        returning customer_id, id, amount, expires_at
      )
      insert into subctl.credit_entries (customer_id, id, grant_id, at, kind, amount, balance_after, change_id)
      select customer_id, 1000, id, expires_at, 'expire', -amount, 0, 'bare' from gone`;
  },
};
