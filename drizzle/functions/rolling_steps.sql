-- How much of a meter was used at each instant of [from_at, to_at): by the running totals where they reach back that far, else by the events.
create or replace function subctl.rolling_steps(customer text, meter text, subject text, from_at timestamptz, to_at timestamptz)
returns table (at timestamptz, amount numeric)
language plpgsql stable set search_path = pg_catalog, subctl, pg_temp as $$
#variable_conflict use_column
declare
  v_base numeric;
begin
  select m.cum into v_base from subctl.usage_marks m
   where m.customer_id = $1 and m.meter_id = $2 and m.subject = $3 and m.at < $4 order by m.at desc limit 1;
  if found then
    return query
      select m.at, m.cum - lag(m.cum, 1, v_base) over (order by m.at) from subctl.usage_marks m
       where m.customer_id = $1 and m.meter_id = $2 and m.subject = $3 and m.at >= $4 and m.at < $5;
  else
    return query
      select e.at, sum(e.amount) from subctl.metered_events($1, $2, nullif($3, ''), $4, $5) e where e.amount <> 0 group by e.at;
  end if;
end $$;
