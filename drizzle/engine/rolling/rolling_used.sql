-- Returns the usage of a meter in (at - span, at], and since `since` when that is later: the difference of two running
-- totals (R7). A meter without totals is counted from the events.
create or replace function subctl_internal.rolling_used(
  customer text, meter text, subject text, at timestamptz, span interval, since timestamptz) returns numeric
language plpgsql stable set search_path = pg_catalog, subctl, pg_temp as $$
declare
  v_from timestamptz := rolling_used.at - span;
  v_last timestamptz;
  v_cum numeric;
  v_before numeric;
begin
  select m.at, m.cum into v_last, v_cum
    from subctl.usage_rolling_totals m
   where m.customer_id = customer and m.meter_id = meter and m.subject = rolling_used.subject
     and m.at <= rolling_used.at
   order by m.at desc limit 1;
  if v_last is null then
    if exists (select 1 from subctl.usage_rolling_totals m
                where m.customer_id = customer and m.meter_id = meter and m.subject = rolling_used.subject) then
      return 0;
    end if;
    return subctl_internal.recount_usage(
      customer, meter, nullif(rolling_used.subject, ''), null, greatest(v_from + interval '1 microsecond', since),
      rolling_used.at + interval '1 microsecond');
  elsif since > v_from then
    if v_last < since then return 0; end if;
    select m.cum into v_before
      from subctl.usage_rolling_totals m
     where m.customer_id = customer and m.meter_id = meter and m.subject = rolling_used.subject and m.at < since
     order by m.at desc limit 1;
  elsif v_last <= v_from then
    return 0;
  else
    select m.cum into v_before
      from subctl.usage_rolling_totals m
     where m.customer_id = customer and m.meter_id = meter and m.subject = rolling_used.subject
       and m.at <= v_from
     order by m.at desc limit 1;
  end if;
  return v_cum - coalesce(v_before, 0);
end $$;
