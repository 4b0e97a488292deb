-- Closes the ended windows of some customers, the calendar's or (`personal`) their subscription's own: the row keeps
-- the usage and the limit in force at its end. Later events become adjustments (R13). Locks the customers; checks
-- again what is due. With `most` it closes so many of the windows that were left open, the oldest first, beside the
-- present ones (unclosed_windows). Returns the number of windows closed.
create or replace function subctl_internal.close_windows(
  p_as_of timestamptz, p_customers text[], p_change text, p_personal boolean default false,
    p_most int default null) returns int
language plpgsql volatile set enable_seqscan = off set search_path = pg_catalog, subctl, pg_temp as $$
declare
  v_rows int;
  v_own boolean;
begin
  perform subctl_internal.lock_customers(p_customers);
  -- a subscription that is over by the dates cuts its windows, whether or not its end is written
  perform subctl_internal.flush_windows_of(array_agg(u.customer_id), array_agg(u.since))
    from subctl_internal.pending_transitions(p_as_of, p_customers) u where u.ended having count(*) > 0;
  v_own := exists (select from subctl.limit_overrides x where x.customer_id = any (p_customers));
  with slots as materialized (
    select s.customer_id, w.meter_id, w."window", w.scope, o.*,
           o.window_end <= p_as_of and w.personal = p_personal as ended
      from subctl.customer_windows s
      join subctl.usage_totals t on t.customer_id = s.customer_id
     cross join lateral unnest(s.ids, s.starts, s.ends, t.used, s.refused) o(id, window_start, window_end, used,
                                                                             refused)
      join (select m.*, m."window" ~ '^(period|term|every_)' as personal
            from subctl.meter_windows m offset 0) w on w.id = o.id
     where s.customer_id = any (p_customers) and s.next_end <= p_as_of
  ), ended as materialized (
    select s.customer_id, s.meter_id, s."window", s.scope, '' as subject, s.window_start, s.window_end, s.used,
           s.refused from slots s where s.ended
    union all   -- their counts are in their rows already
    (select w.customer_id, w.meter_id, w."window", w.scope, w.subject, w.window_start, w.window_end, 0, 0
       from subctl.open_rows w where w.customer_id = any (p_customers) and w.window_end <= p_as_of
         and w.personal = p_personal
      order by w.window_end limit p_most)
  ), kept as (
    -- the plan in force at the window's end: that of the subscription's row where it covers that instant, else
    -- by dates
    select e.customer_id, e.meter_id, e."window", e.scope, e.subject, e.window_start, min(e.window_end) as window_end,
           sum(e.used) as used, sum(e.refused) as refused,
           min(coalesce(s.plan_id, f.plan_id)) as plan_id, min(coalesce(s.version, f.version)) as version
      from ended e
      left join subctl.subscriptions s on s.customer_id = e.customer_id
        and s.status in ('trialing', 'active', 'past_due', 'paused')
                                      and s.from_at < e.window_end
                                      and (e.window_end <= s.current_period_end
                                        or (s.status in ('trialing', 'active') and s.auto_renew
                                            and not s.cancel_at_period_end and s.pending_plan_id is null
                                            and s.ends_at is null))
                                      and (s.collection <> 'invoice' or not exists (
                                        select from subctl.invoices i where i.customer_id = s.customer_id
                                          and i.subscription_id = s.id and i.status = 'open'
                                           and i.due_at < e.window_end))
      left join lateral (
        select x.plan_id, x.version
          from subctl_internal.effective_subscription(e.customer_id, e.window_end - interval '1 microsecond') x
         where s.id is null offset 0) f on true   -- offset: otherwise it would be called for every row
     group by 1, 2, 3, 4, 5, 6
  ), closed as (
    insert into subctl.usage_counters (customer_id, meter_id, "window", scope, subject, window_start, window_end,
                                       used, refused, limit_value, closed_at, change_id)
    select k.customer_id, k.meter_id, k."window", k.scope, k.subject, k.window_start, k.window_end, k.used, k.refused,
           case when o.limited then o.limit_value else l.limit_value end, p_as_of, p_change
      from kept k
      left join subctl.plan_limits l on l.plan_id = k.plan_id and l.version = k.version and l.meter_id = k.meter_id
        and l."window" = k."window" and l.scope = k.scope
      left join lateral (
        select true as limited, x.limit_value from subctl.limit_overrides x
         where v_own and x.customer_id = k.customer_id and x.meter_id = k.meter_id and x."window" = k."window"
           and x.scope = k.scope
           and x.starts_at < k.window_end and (x.ends_at is null or x.ends_at >= k.window_end)
         order by x.starts_at desc limit 1) o on true
    on conflict (customer_id, meter_id, "window", scope, subject, window_start) do update
      set used = usage_counters.used + excluded.used, refused = usage_counters.refused + excluded.refused,
          limit_value = excluded.limit_value,
          closed_at = excluded.closed_at, change_id = excluded.change_id
      where usage_counters.closed_at is null
    returning customer_id
  ), left_open as materialized (
        select x.customer_id, coalesce(array_agg(x.id) filter (where not x.ended), '{}') as ids,
               coalesce(array_agg(x.window_start) filter (where not x.ended), '{}') as starts,
               coalesce(array_agg(x.window_end) filter (where not x.ended), '{}') as ends,
               coalesce(array_agg(x.used) filter (where not x.ended), '{}') as used,
               coalesce(array_agg(x.refused) filter (where not x.ended), '{}') as refused,
               min(x.window_end) filter (where not x.ended) as next_end
          from slots x group by x.customer_id having bool_or(x.ended)
  ), emptied as (
    update subctl.customer_windows s set ids = k.ids, starts = k.starts, ends = k.ends, refused = k.refused,
      next_end = k.next_end
      from left_open k where s.customer_id = k.customer_id
  ), counted as (
    update subctl.usage_totals t set used = k.used, generation = t.generation + 1 from left_open k
      where t.customer_id = k.customer_id
  )
  select count(*) into v_rows from closed;
  return v_rows;
end $$;
