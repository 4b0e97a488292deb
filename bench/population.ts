import type { Connection } from '../src/database/connect.ts';
import { withoutOwnSession } from '../src/database/own-session.ts';

const month = "date_trunc('month', now(), 'UTC')";

/**
 * Customers on a plan with nothing to pay, whose windows are open: a use of kind one, three or ten counts on as many counters, and
 * never reaches a limit. They have used each kind before in these windows, so that rules are kept for it, unless it is the first use that is
 * to be measured.
 */
export async function populateForRecording(
  sql: Connection,
  customers: number,
  { usedBefore = true } = {},
): Promise<void> {
  await sql.unsafe(`
    insert into subctl.kinds select k, k from unnest('{one,three,ten}'::text[]) k on conflict do nothing;
    insert into subctl.meters (id, name, kinds, tier, field)
    select k || '_' || i, k || ' ' || i, array[k], null, 'quantity'
      from (values ('one', 1), ('three', 3), ('ten', 10)) t(k, n), generate_series(1, n) i;
    insert into subctl.plans (id, name, rank, is_default, current_version, created_at) values ('bench', 'Bench', 0, true, 1, now());
    insert into subctl.plan_versions (plan_id, version, created_at) values ('bench', 1, now());
    insert into subctl.plan_prices values ('bench', 1, '1mo', 'USD', 0, null);
    insert into subctl.plan_limits (plan_id, version, meter_id, "window", limit_value)
    select 'bench', 1, id, (array['month', 'period', 'year'])[row_number() over (order by id) % 3 + 1], 1e9 from subctl.meters where id ~ '^(one|three|ten)_';
    select subctl_internal.compile_all();
    insert into subctl.customers (id, timezone, created_at) select 'c' || i, 'UTC', now() from generate_series(1, ${customers}) i;
    insert into subctl.customer_zones select id, '-infinity', timezone from subctl.customers;
    insert into subctl.customer_windows (customer_id) select id from subctl.customers on conflict do nothing;
    insert into subctl.usage_totals (customer_id) select id from subctl.customers on conflict do nothing;
    select subctl_internal.start_subscriptions(array['c1'], array[${month}], 'bench', 1, '1mo', null, null, 'free', 0, true, null, 'bench', null, 'new', null, now(), 'bench');
    create temporary table copies as
      select id as customer_id, gen_random_uuid() as subscription_id, 'c1' as model from subctl.customers where id <> 'c1';
    ${copy('subscriptions', "'id', c.subscription_id")}
    ${copy('subscription_phases', "'subscription_id', c.subscription_id")}
    drop table copies;
    select subctl.record_usage('c1', k) from unnest('{one,three,ten}'::text[]) k;
    update subctl.customer_windows s
       set epoch = o.epoch, plan_id = o.plan_id, version = o.version, ids = o.ids, starts = o.starts, ends = o.ends, refused = o.refused, next_end = o.next_end,
           credits_due_at = o.credits_due_at,
           subscription_id = (select u.id from subctl.subscriptions u where u.customer_id = s.customer_id)
      from subctl.customer_windows o where o.customer_id = 'c1' and s.customer_id <> 'c1';
    update subctl.usage_totals t set used = o.used from subctl.usage_totals o where o.customer_id = 'c1' and t.customer_id <> 'c1';
    ${usedBefore ? copyRules : ''}`);
  await withoutOwnSession(sql)`vacuum analyze`;
}

/** The rules of c1 for all others, whose answers name them. */
const copyRules = `
    insert into subctl.customer_rules
    select (jsonb_populate_record(r, jsonb_build_object(
             'customer_id', s.customer_id, 'subscription_id', s.subscription_id, 'generation', t.generation,
             'opening', replace(r.opening, '"c1"', to_json(s.customer_id)::text)))).*
      from subctl.customer_rules r
      join subctl.customer_windows s on s.customer_id <> 'c1'
      join subctl.usage_totals t on t.customer_id = s.customer_id
     where r.customer_id = 'c1';`;

/** When the first period of the customers of `populateForTasks` begins: with this month, so that there is room for their events. */
export const taskAnchor = `${new Date().toISOString().slice(0, 7)}-01T00:00:00Z`;

/** Customers of four zones, half of them on a plan with monthly credits; periods begin with this month. */
export async function populateForTasks(sql: Connection, rows: number): Promise<void> {
  await sql.unsafe(`
    insert into subctl.kinds values ('llm', 'llm') on conflict do nothing;
    insert into subctl.meters (id, name, kinds, tier, field) values ('messages', 'Messages', '{llm}', 'paid', 'quantity'), ('tokens', 'Tokens', '{llm}', 'paid', 'tokens')
      on conflict do nothing;
    insert into subctl.plans (id, name, rank, current_version, created_at, fallback)
      values ('free', 'Free', 0, 1, '${taskAnchor}', 'none'), ('pro', 'Pro', 1, 1, '${taskAnchor}', 'none');
    insert into subctl.plan_versions (plan_id, version, created_at, credits) values ('free', 1, '${taskAnchor}', null), ('pro', 1, '${taskAnchor}', 100);
    insert into subctl.plan_prices values ('free', 1, '1mo', 'USD', 0, null), ('pro', 1, '1mo', 'USD', 0, null);
    insert into subctl.plan_limits (plan_id, version, meter_id, "window", limit_value)
      values ('free', 1, 'messages', 'month', 500), ('free', 1, 'tokens', 'month', 8000), ('pro', 1, 'messages', 'month', 5000), ('pro', 1, 'tokens', 'month', 80000);
    select subctl_internal.compile_all();
    insert into subctl.customers (id, timezone, created_at)
    select 'c' || lpad(i::text, 8, '0'), (array['UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kolkata'])[i % 4 + 1], '${taskAnchor}'
      from generate_series(1, ${rows}) i;
    insert into subctl.customer_zones select id, '-infinity', timezone from subctl.customers;
    insert into subctl.customer_windows (customer_id) select id from subctl.customers on conflict do nothing;
    insert into subctl.usage_totals (customer_id) select id from subctl.customers on conflict do nothing;
    select subctl_internal.start_subscriptions(array[id], array['${taskAnchor}'::timestamptz], case when right(id, 1) >= '5' then 'pro' else 'free' end, 1, '1mo',
             null, null, 'free', 0, true, null, 'bench', null, 'new', null, '${taskAnchor}', 'bench')
      from subctl.customers where ${numberOf('id')} <= ${models};
    select subctl_internal.post_due_credits(array_agg(id), '${taskAnchor}', 'bench') from subctl.customers where ${numberOf('id')} <= ${models};
    -- all others are copies of these
    create temporary table copies as
      select id as customer_id, gen_random_uuid() as subscription_id, gen_random_uuid() as grant_id, m.model
        from subctl.customers cross join lateral (select 'c' || lpad(((${numberOf('id')} - 1) % ${models} + 1)::text, 8, '0') as model) m
       where ${numberOf('id')} > ${models};
    ${copy('subscriptions', "'id', c.subscription_id")}
    ${copy('subscription_phases', "'subscription_id', c.subscription_id")}
    ${copy('credit_grants', "'id', c.grant_id")}
    ${copy('credit_entries', "'grant_id', c.grant_id")}
    drop table copies;`);
  await openMonthWindows(sql, taskAnchor);
  await withoutOwnSession(sql)`vacuum analyze`;
}

/** as many as it takes to have each plan in each zone, by the last digits of their names */
const models = 20;
const numberOf = (id: string) => `substr(${id}, 2)::int`;
const copy = (table: string, ids: string) =>
  `insert into subctl.${table} select r.* from copies c join subctl.${table} m on m.customer_id = c.model
    cross join lateral jsonb_populate_record(m, jsonb_build_object('customer_id', c.customer_id, ${ids})) r;`;

/** Gives every customer two open windows of the month of `at` that have something in them. */
export async function openMonthWindows(sql: Connection, at: string): Promise<void> {
  await sql.unsafe(`
    with open as (
      select z.timezone, array_agg(w.id order by w.id) as ids, b from subctl.meter_windows w
       cross join (select distinct timezone from subctl.customers) z
       cross join lateral subctl_internal.window_bounds('month', null, '${at}'::timestamptz + interval '14 days', z.timezone, 0) b
       where w."window" = 'month' and w.meter_id in ('messages', 'tokens') group by z.timezone, b)
    update subctl.customer_windows s
       set ids = o.ids, starts = array[lower(o.b), lower(o.b)], ends = array[upper(o.b), upper(o.b)], refused = '{0,1}', next_end = upper(o.b),
           epoch = (select u.epoch from subctl.subscriptions u where u.customer_id = s.customer_id order by u.started_at desc limit 1)
      from subctl.customers c join open o using (timezone) where c.id = s.customer_id;
    update subctl.usage_totals set used = '{3,700}';`);
}
