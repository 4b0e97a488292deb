-- Adds a use to the running total of a rolling meter: its own mark and every later one (a late event, R13). The first
-- mark of a meter includes the events of the last 31 days, and one that precedes all marks includes the usage between;
-- `p_is_first` says that the customer has no event, so none is read. The event itself is not written yet. The rolling
-- state of cached rules is read again by the next use (read_rolled). Plans are cached: events are partitioned, and
-- planning costs more than reading. The caller holds the customer's lock.
create or replace function subctl_internal.add_rolling_total(
  p_customer text, p_meter text, p_subject text, p_at timestamptz, p_amount numeric, p_is_first boolean default false)
returns void
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp set plan_cache_mode = force_generic_plan as $$
declare
  v_cum numeric;
  v_first timestamptz;
begin
  if p_subject = '' then
    update subctl.usage_totals t set rolled[1] = 'Infinity' where t.customer_id = p_customer and t.rolled is not null;
  end if;
  if not p_is_first then
    select min(m.at) into v_first
      from subctl.usage_rolling_totals m
     where m.customer_id = p_customer and m.meter_id = p_meter and m.subject = p_subject;
    if v_first is null then
      insert into subctl.usage_rolling_totals (customer_id, meter_id, subject, at, cum)
      select p_customer, p_meter, p_subject, e.at, sum(sum(e.amount)) over (order by e.at)
        from subctl_internal.metered_events(p_customer, p_meter, nullif(p_subject, ''), p_at - interval '744 hours',
                                            'infinity') e
       where e.amount <> 0 group by e.at;
    elsif v_first > p_at then
      with before as (
        insert into subctl.usage_rolling_totals (customer_id, meter_id, subject, at, cum)
        select p_customer, p_meter, p_subject, e.at, sum(sum(e.amount)) over (order by e.at)
          from subctl_internal.metered_events(p_customer, p_meter, nullif(p_subject, ''), p_at, v_first) e
         where e.amount <> 0 group by e.at
        returning at, cum
      )
      update subctl.usage_rolling_totals m set cum = m.cum + (select b.cum from before b order by b.at desc limit 1)
       where m.customer_id = p_customer and m.meter_id = p_meter and m.subject = p_subject and m.at >= v_first
         and exists (select 1 from before);
    end if;
    select m.cum into v_cum
      from subctl.usage_rolling_totals m
     where m.customer_id = p_customer and m.meter_id = p_meter and m.subject = p_subject and m.at <= p_at
     order by m.at desc limit 1;
    update subctl.usage_rolling_totals m set cum = m.cum + p_amount
     where m.customer_id = p_customer and m.meter_id = p_meter and m.subject = p_subject and m.at > p_at;
  end if;
  insert into subctl.usage_rolling_totals (customer_id, meter_id, subject, at, cum)
  values (p_customer, p_meter, p_subject, p_at, coalesce(v_cum, 0) + p_amount)
  on conflict (customer_id, meter_id, subject, at) do update set cum = excluded.cum;
end $$;
