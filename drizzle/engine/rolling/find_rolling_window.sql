-- Finds the usage in the rolling window of one limit that ends with a use: the events in (at - hours, at], for a meter
-- that restarts since the restart (R7). Where uses or reservations follow it (`has_later`) it is the fullest of the
-- windows that contain it. `starts` is the beginning of that window, excluded; the end is null, because it moves with
-- time.
create or replace function subctl_internal.find_rolling_window(
  customer text, standing subctl.usage_standing, tally subctl.usage_tally, counted subctl.usage_count)
returns subctl.usage_count
language plpgsql stable set search_path = pg_catalog, subctl, pg_temp as $$
declare
  span interval := make_interval(hours => counted.hours);
  since timestamptz := case when counted.restarts then standing.usage_from else '-infinity' end;
begin
  counted.kept := 'rolling';
  counted.starts := standing.at - span;
  counted.ends := null;
  counted.used := 0;
  if tally.has_history then
    counted.has_later := coalesce((
      select max(m.at) from subctl.usage_rolling_totals m
       where m.customer_id = customer and m.meter_id = counted.meter and m.subject = counted.subject),
      'infinity') > standing.at;
    if counted.has_later or tally.has_holds and exists (
        select 1 from subctl.reservations r
         where r.customer_id = customer and r.status = 'held' and r.expires_at > standing.now
           and r.at > standing.at) then
      select f.used, f.ends_at - span into counted.used, counted.starts
        from subctl_internal.rolling_fullest(customer, counted.meter, counted.subject, null, standing.at, span, since,
               case when counted.restarts then standing.period_end else 'infinity' end,
               case when tally.has_holds then standing.now end) f;
    else
      counted.used := subctl_internal.rolling_used(customer, counted.meter, counted.subject, standing.at, span, since);
    end if;
  end if;
  return counted;
end $$;
