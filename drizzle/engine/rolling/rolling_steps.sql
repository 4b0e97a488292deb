-- Lists how much of a meter was used at each instant of [p_from_at, p_to_at), from the running totals if they reach
-- back that far, else from the events.
create or replace function subctl_internal.rolling_steps(
  p_customer text, p_meter text, p_subject text, p_from_at timestamptz, p_to_at timestamptz)
returns table (at timestamptz, amount numeric)
language plpgsql stable set search_path = pg_catalog, subctl, pg_temp as $$
declare
  v_base numeric;
begin
  select m.cum into v_base from subctl.usage_rolling_totals m
   where m.customer_id = p_customer and m.meter_id = p_meter and m.subject = p_subject and m.at < p_from_at
   order by m.at desc limit 1;
  if found then
    return query
      select m.at, m.cum - lag(m.cum, 1, v_base) over (order by m.at) from subctl.usage_rolling_totals m
       where m.customer_id = p_customer and m.meter_id = p_meter and m.subject = p_subject and m.at >= p_from_at
         and m.at < p_to_at;
  else
    return query
      select e.at, sum(e.amount)
        from subctl_internal.metered_events(p_customer, p_meter, nullif(p_subject, ''), p_from_at, p_to_at) e
       where e.amount <> 0 group by e.at;
  end if;
end $$;
