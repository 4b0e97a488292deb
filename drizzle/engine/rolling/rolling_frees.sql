-- Returns when p_excess of the usage in a rolling window has left it. Null if never. If a meter has no running totals
-- yet, it reads the events.
create or replace function subctl_internal.rolling_frees(
  p_customer text, p_meter text, p_subject text, p_at timestamptz, p_span interval, p_since timestamptz,
  p_excess numeric) returns timestamptz
language sql stable parallel safe as $$
  select coalesce((
    select m.at + p_span
      from subctl.usage_rolling_totals m
     where m.customer_id = p_customer and m.meter_id = p_meter and m.subject = p_subject and m.at <= p_at
       and m.at > p_at - p_span and m.at >= p_since
       and m.cum - coalesce((select b.cum from subctl.usage_rolling_totals b
                              where b.customer_id = p_customer and b.meter_id = p_meter and b.subject = p_subject
                                and case when p_since > p_at - p_span then b.at < p_since else b.at <= p_at - p_span end
                              order by b.at desc limit 1), 0) >= p_excess
     order by m.at limit 1), (
    select e.at + p_span
      from (select x.at, sum(x.amount) over (order by x.at) as cum
              from subctl_internal.metered_events(p_customer, p_meter, nullif(p_subject, ''),
                                                  greatest(p_at - p_span + interval '1 microsecond', p_since),
                                                  p_at + interval '1 microsecond') x) e
     where e.cum >= p_excess
       and not exists (select 1 from subctl.usage_rolling_totals m
                        where m.customer_id = p_customer and m.meter_id = p_meter and m.subject = p_subject)
     order by e.at limit 1))
$$;
