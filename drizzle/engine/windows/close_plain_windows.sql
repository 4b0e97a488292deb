-- Implements close_windows in one statement, for some customers with a certain plan and no limits of their own: their
-- ended windows, of the numbers `p_windows`, become rows of usage_counters with the plan's limit, and leave the rows
-- of open windows. The others are left alone. The caller has locked the customers. Returns how many windows were
-- closed, and whose. A window that has a row already (open_rows) is an error, unique_violation: the task leaves such
-- customers to close_windows, which adds to the row; checking here costs a third of the whole.
create or replace function subctl_internal.close_plain_windows(
  p_as_of timestamptz, p_customers text[], p_change text, p_windows int[], out closed int, out of text[])
language plpgsql volatile set enable_nestloop = off set enable_mergejoin = off
  set enable_seqscan = off set search_path = pg_catalog, subctl, pg_temp as $$
declare
  v_own text[];
begin
  v_own := array(select o.customer_id from subctl.limit_overrides o where o.customer_id = any (p_customers));
  with heads as materialized (
    select s.customer_id, h.plan_id, h.version, s.ids, s.starts, s.ends, t.used, s.refused,
           s.ids <> '{}' and s.ids <@ p_windows and p_as_of >= all (s.ends) as all_ended
      from subctl.customer_windows s
      join subctl.usage_totals t on t.customer_id = s.customer_id and t.customer_id = any (p_customers)
      join subctl.plans_by_dates h on h.customer_id = s.customer_id and h.customer_id = any (p_customers)
                              and h.since < s.next_end and h.until > p_as_of
     where s.customer_id = any (p_customers) and s.customer_id <> all (v_own)
       and (s.next_end <= p_as_of) is true   -- not by the index, which would read other customers' due rows
  ), closed as (
    insert into subctl.usage_counters (customer_id, meter_id, "window", scope, subject, window_start, window_end, used,
                                       refused, limit_value, closed_at, change_id)
    select o.customer_id, w.meter_id, w."window", w.scope, '', o.window_start, o.window_end, o.used, o.refused,
           l.limit_value, p_as_of, p_change
      from (
        select h.customer_id, h.plan_id, h.version, unnest(h.ids) as id, unnest(h.starts) as window_start,
               unnest(h.ends) as window_end, unnest(h.used) as used, unnest(h.refused) as refused
          from heads h
        offset 0) o   -- joined once, and not once for each customer
      join subctl.meter_windows w on w.id = o.id and o.window_end <= p_as_of and o.id = any (p_windows)
      left join subctl.plan_limits l on l.plan_id = o.plan_id and l.version = o.version and l.meter_id = w.meter_id
                                    and l."window" = w."window" and l.scope = w.scope
    returning 1
  ), left_open as materialized (
    select h.customer_id, null::timestamptz as next_end, null::int[] as ids, null::timestamptz[] as starts,
           null::timestamptz[] as ends, null::numeric[] as used, null::int[] as refused
      from heads h where h.all_ended
    union all
    select h.customer_id, o.*
      from heads h
     cross join lateral (
       select min(x.window_end), array_agg(x.id), array_agg(x.window_start), array_agg(x.window_end),
              array_agg(x.used), array_agg(x.refused)
         from unnest(h.ids, h.starts, h.ends, h.used, h.refused) x(id, window_start, window_end, used, refused)
        where not (x.window_end <= p_as_of and x.id = any (p_windows))) o
     where not h.all_ended and exists (
       select 1 from unnest(h.ids, h.ends) x(id, window_end) where x.window_end <= p_as_of and x.id = any (p_windows))
  ), emptied as (
    update subctl.customer_windows s
       set ids = coalesce(k.ids, '{}'), starts = coalesce(k.starts, '{}'), ends = coalesce(k.ends, '{}'),
           refused = coalesce(k.refused, '{}'), next_end = k.next_end
      from left_open k where s.customer_id = k.customer_id and s.customer_id = any (p_customers)
  ), counted as (
    update subctl.usage_totals t set used = coalesce(k.used, '{}'), generation = t.generation + 1
      from left_open k where t.customer_id = k.customer_id and t.customer_id = any (p_customers)
  )
  select (select count(*) from closed), array(select k.customer_id from left_open k) into closed, of;
end $$;
