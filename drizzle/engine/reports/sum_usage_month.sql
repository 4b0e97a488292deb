-- Sums the whole days of p_timezone in a sealed month of events, and counts the active customers of the calendar
-- months that are then complete. A concurrent write has left its mark and is summed by the next run. Days at the ends
-- of the month that lie in two partitions are not summed: reports read their events.
create or replace function subctl_internal.sum_usage_month(p_month date, p_timezone text) returns void
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp as $$
declare
  v_start timestamptz := p_month::timestamp at time zone 'UTC';
  v_end timestamptz := (p_month + interval '1 month') at time zone 'UTC';
  v_days timestamptz[];   -- starts of the whole days, and the end of the last
begin
  select array_agg(x.at order by x.at) into v_days
    from (select distinct subctl_internal.local_first(d, p_timezone) as at
            from generate_series(p_month - interval '2 days', p_month + interval '1 month 2 days',
                                 interval '1 day') d) x
   where x.at >= v_start and x.at <= v_end;
  insert into subctl.usage_day_sums (month, starts_at, ends_at, kind, provider, model, plan_id, uses, tokens, cost,
                                     unpriced)
  select p_month, v_days[e.day], v_days[e.day + 1], e.kind, e.provider, e.model, e.plan_id, sum(e.sign), sum(e.tokens),
         sum(e.cost), count(*) filter (where e.unpriced)
    from (select width_bucket(x.at, v_days) as day, x.kind, x.provider, x.model, x.plan_id, x.tokens, x.cost,
                 case when x.reverses is null then 1 else -1 end as sign, x.unpriced and x.reverses is null as unpriced
            from subctl.usage_events x
           where x.at >= v_days[1] and x.at < v_days[cardinality(v_days)]) e
   group by e.day, e.kind, e.provider, e.model, e.plan_id;
  insert into subctl.usage_sums (month, timezone, from_at, to_at)
  values (p_month, p_timezone, v_days[1], v_days[cardinality(v_days)]);
  perform subctl_internal.count_active_customers(p_month, p_timezone);
end $$;
