-- Raises the alerts of one limit that a recorded use reaches: every threshold at or below the present usage, once for
-- each window and limit value (R39). Thresholds ascend. A rolling window has no start: its alerts are raised once in
-- its length. Closed and ended windows, and single uses, raise none. Returns them in the form of an answer.
create or replace function subctl_internal.raise_alerts(
  customer text, standing subctl.usage_standing, thresholds numeric[], counted subctl.usage_count) returns text[]
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp as $$
declare
  total numeric := counted.used + counted.asked;
  is_rolling boolean := counted.kept = 'rolling';
  reached numeric;
  alerts text[] := '{}';
begin
  if counted.limit_value <= 0 or counted.is_closed or counted.kept = 'none' or counted.ends <= standing.now then
    return alerts;
  end if;
  foreach reached in array thresholds loop
    exit when total * 100 < counted.limit_value * reached;
    continue when is_rolling and exists (
      select 1 from subctl.alerts a
       where a.customer_id = customer and a.meter_id = counted.meter and a."window" = counted.win
         and a.scope = counted.scope and a.subject = counted.subject and a.threshold = reached
         and a.limit_value = counted.limit_value and a.window_start > counted.starts);
    insert into subctl.alerts (
      customer_id, meter_id, "window", scope, subject, window_start, threshold, limit_value, used, at, event_id)
    values (customer, counted.meter, counted.win, counted.scope, counted.subject,
            case when is_rolling then standing.at else counted.starts end, reached, counted.limit_value, total,
            standing.at, standing.event_id)
    on conflict do nothing;
    if found then
      alerts := alerts || jsonb_build_object(
        'meter', counted.meter, 'window', counted.win, 'threshold', trim_scale(reached)::text)::text;
    end if;
  end loop;
  return alerts;
end $$;
