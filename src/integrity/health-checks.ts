import type { Db } from '../database/connect.ts';

/** A health check of doctor: what is wrong, as sentences; none is healthy. */
export interface HealthCheck {
  name: string;
  /** what to do about it */
  hint: string;
  /** one query; each row is a sentence about something wrong */
  find: (db: Db, now: Date) => Promise<{ sentence: string }[]>;
}

/**
 * The health checks of a database that answers and has the right schema. Each check is one query over sets. None changes anything, and
 * none trusts a cached figure where there is a source (R45).
 */
export const healthChecks: readonly HealthCheck[] = [
  {
    name: 'server accepts writes',
    hint: 'name the primary in DATABASE_URL',
    find: (db) => db`
      select 'The server is read-only: it is a standby, or configured so' as sentence
       where pg_is_in_recovery() or current_setting('default_transaction_read_only') = 'on'`,
  },
  {
    name: 'plans',
    hint: 'subctl setup',
    find: (db) => db`
      select format('Plan %s has no version %s', p.id, p.current_version) as sentence
        from subctl.plans p
       where not exists (select from subctl.plan_versions v where v.plan_id = p.id and v.version = p.current_version)
      union all
      select format('Version %s of plan %s has no compiled rules, so its usage is refused', v.version, v.plan_id)
        from subctl.plan_versions v
       where not exists (select from subctl.plan_rules r where r.plan_id = v.plan_id and r.version = v.version)
         and exists (select from subctl.kinds)`,
  },
  {
    name: 'default plan',
    hint: 'open it: subctl plans activate PLAN; or set another default: subctl setup --default-plan PLAN',
    find: (db) => db`
      select format('Plan %s is the default and is not active', id) as sentence from subctl.plans where is_default and not active`,
  },
  {
    name: 'time zones',
    hint: 'subctl customers edit CUSTOMER --timezone ZONE',
    find: (db) => db`
      select format('The time zone %s of %s customers is unknown to this server', timezone, count(*)) as sentence
        from subctl.customers where timezone is not null group by timezone having not subctl_internal.is_timezone(timezone)
      union all
      select format('The time zone %s of the settings is unknown to this server', z) from (select subctl_internal.setting('timezone') as z) s
       where z is not null and not subctl_internal.is_timezone(z)`,
  },
  {
    name: 'customers',
    hint: 'subctl doctor --deep --repair',
    find: (db) => db`
      select format('%s customers have only one of the two rows of their open windows', count(*)) as sentence
        from subctl.customer_windows s full join subctl.usage_totals t on t.customer_id = s.customer_id
       where s.customer_id is null or t.customer_id is null having count(*) > 0`,
  },
  {
    name: 'timetable',
    hint: 'install the schedule (subctl schedule print cron), or run due tasks by hand',
    find: (db, now) => db`
      select 'There are no tasks on the timetable' as sentence where not exists (select from subctl.jobs)
      union all
      select format('%s is due since %s and has not run', task, subctl_internal.iso(next_due)) from subctl.jobs
       where enabled and not switched_off and next_due < ${now}::timestamptz - interval '1 day'
      union all
      select format('%s has failed %s times in a row', task, failures) from subctl.jobs where failures > 0`,
  },
  {
    name: 'renewals',
    hint: 'run subctl handle-renewals and subctl check-expired; see why they did not run: subctl jobs history',
    find: (db, now) => db`
      with late as (
        select 'handle-renewals' as task, x.due_at, s.currency,
               case when s.complimentary_periods = 0 and coalesce(s.pending_collection, s.collection) in ('invoice', 'charge')
                    then nullif(coalesce(s.pending_price, s.price) * s.quantity, 0) end as amount
          from subctl.due_period_renewals x
          join subctl.subscriptions s on s.customer_id = x.customer_id and s.id = x.subscription_id
        union all
        select 'check-expired', x.due_at, null, null from subctl.due_ends x
      ), old as materialized (
        select * from late where due_at < ${now}::timestamptz - interval '1 day'
      )
      select format('%s is %s days late: %s %s since %s%s', o.task, floor(extract(epoch from ${now}::timestamptz - min(o.due_at)) / 86400), count(*),
                    case when count(*) = 1 then 'subscription waits' else 'subscriptions wait' end, subctl_internal.iso(min(o.due_at)),
                    (select string_agg('; ' || trim_scale(a.amount) || ' ' || a.currency || ' is not yet invoiced', '' order by a.currency)
                       from (select i.currency, sum(i.amount) as amount from old i where i.task = o.task and i.amount > 0 group by 1) a)) as sentence
        from old o group by o.task order by o.task desc`,
  },
  {
    name: 'partitions',
    hint: 'subctl prune',
    find: (db, now) => db`
      select format('Partitions exist for only %s of the next 3 months of events', count(*)) as sentence
        from generate_series(0, 2) n
        join pg_catalog.pg_class c
          on c.relname = 'usage_events_' || to_char(${now}::timestamptz at time zone 'UTC' + make_interval(months => n), 'YYYY_MM')
         and c.relnamespace = 'subctl'::regnamespace
      having count(*) < 3`,
  },
  {
    name: 'parked rows',
    hint: 'subctl parked list',
    find: (db) => db`
      select format('%s rows of task %s failed and are parked', count(*), task) as sentence from subctl.parked group by task
      union all
      (select format('%s of %s: %s', id, customer_id, last_error) from subctl.parked
        where task = 'stripe-reconcile' and id <> '' order by last_at desc, customer_id, id limit 20)
       order by 1`,
  },
  {
    name: 'refused overage',
    hint: 'bill it by hand in the Stripe Dashboard; it is shown for 35 days',
    find: (db, now) => db`
      select format('%s: %s, %s %s: %s', customer_id, description, subctl_internal.in_currency(amount, currency), currency, error) as sentence
        from subctl.stripe_overages where failed_at > ${now}::timestamptz - interval '35 days'
       order by customer_id collate "C", source_key limit 20`,
  },
  {
    name: 'prices',
    hint: 'add the price, then rate the events again',
    find: (db, now) => db`
      select format('%s events of %s %s of the last 35 days have no price', count(*), provider, model) as sentence
        from subctl.usage_events where unpriced and at > ${now}::timestamptz - interval '35 days'
       group by provider, model order by 1`,
  },
  {
    name: 'ledger',
    hint: 'this is a bug in subctl, or another program wrote to the tables: keep the database unchanged and report it',
    find: (db) => db`
      select format('%s: the ledger says %s and the grants have %s', customer_id, trim_scale(ledger), trim_scale(grants)) as sentence
        from (select customer_id, sum(amount) as ledger from subctl.credit_entries group by 1) e
        full join (select customer_id, sum(remaining) filter (where expired_at is null) as grants from subctl.credit_grants group by 1) g
          using (customer_id)
       where coalesce(ledger, 0) <> coalesce(grants, 0) order by customer_id collate "C" limit 20`,
  },
  {
    name: 'reservations',
    hint: 'subctl prune',
    find: (db, now) => db`
      select format('%s reservations are still held after they expired', count(*)) as sentence
        from subctl.reservations where status = 'held' and expires_at < ${now}::timestamptz - interval '1 hour' having count(*) > 0`,
  },
];
