-- Adds a use to the running total of a rolling meter: its own mark and every later one (a late event, R13). The first mark of a meter
-- brings in what the events of the last 31 days said before, and one that comes before all the marks what was used between. The event
-- itself is not written yet. The caller holds the customer's lock.
create or replace function subctl.mark_usage(customer text, meter text, subject text, at timestamptz, amount numeric) returns void
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp as $$
#variable_conflict use_column
declare
  v_cum numeric;
  v_first timestamptz;
begin
  select min(m.at) into v_first from subctl.usage_marks m where m.customer_id = $1 and m.meter_id = $2 and m.subject = $3;
  if v_first is null then
    insert into subctl.usage_marks (customer_id, meter_id, subject, at, cum)
    select $1, $2, $3, e.at, sum(sum(e.amount)) over (order by e.at)
      from subctl.metered_events($1, $2, nullif($3, ''), $4 - interval '744 hours', 'infinity') e
     where e.amount <> 0 group by e.at;
  elsif v_first > $4 then
    with before as (
      insert into subctl.usage_marks (customer_id, meter_id, subject, at, cum)
      select $1, $2, $3, e.at, sum(sum(e.amount)) over (order by e.at) from subctl.metered_events($1, $2, nullif($3, ''), $4, v_first) e
       where e.amount <> 0 group by e.at
      returning at, cum
    )
    update subctl.usage_marks m set cum = m.cum + (select b.cum from before b order by b.at desc limit 1)
     where m.customer_id = $1 and m.meter_id = $2 and m.subject = $3 and m.at >= v_first and exists (select from before);
  end if;
  select m.cum into v_cum from subctl.usage_marks m where m.customer_id = $1 and m.meter_id = $2 and m.subject = $3 and m.at <= $4 order by m.at desc limit 1;
  update subctl.usage_marks m set cum = m.cum + $5 where m.customer_id = $1 and m.meter_id = $2 and m.subject = $3 and m.at > $4;
  insert into subctl.usage_marks (customer_id, meter_id, subject, at, cum) values ($1, $2, $3, $4, coalesce(v_cum, 0) + $5)
  on conflict (customer_id, meter_id, subject, at) do update set cum = excluded.cum;
end $$;
