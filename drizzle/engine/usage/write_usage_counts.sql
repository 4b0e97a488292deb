-- Writes the counts of a recorded use in the limits without a place in the customer's row: a window's own row, an
-- adjustment of a closed window (R13), rolling totals (once for each meter and subject). Raises the alerts that it
-- reaches in any limit, and returns them in the form of the answer. The caller holds the customer's row.
create or replace function subctl_internal.write_usage_counts(
  customer text, standing subctl.usage_standing, thresholds numeric[], tally subctl.usage_tally)
returns text[]
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp as $$
declare
  counted subctl.usage_count;
  marked text[] := '{}';
  alerts text[];
begin
  foreach counted in array tally.counts loop
    continue when counted.asked = 0;
    if counted.kept = 'rolling' then
      if counted.meter || '|' || counted.subject <> all (marked) then
        marked := marked || (counted.meter || '|' || counted.subject);
        perform subctl_internal.add_rolling_total(customer, counted.meter, counted.subject, standing.at, counted.asked,
                                  tally.generation = 0 and not tally.has_history);
      end if;
    elsif counted.kept = 'row' and counted.is_closed then
      insert into subctl.usage_adjustments (
        customer_id, id, meter_id, "window", scope, subject, window_start, event_id, event_at, amount, recorded_at,
        reason)
      values (customer, subctl_internal.uuid7(standing.now), counted.meter, counted.win, counted.scope, counted.subject,
              counted.starts, standing.event_id, standing.at, counted.asked, standing.now, 'late event');
    elsif counted.kept = 'row' then
      insert into subctl.usage_counters (
        customer_id, meter_id, "window", scope, subject, window_start, window_end, used)
      values (customer, counted.meter, counted.win, counted.scope, counted.subject, counted.starts,
              counted.ends, counted.used + counted.asked)
      on conflict (customer_id, meter_id, "window", scope, subject, window_start)
      do update set used = usage_counters.used + counted.asked;
    end if;
    if (counted.used + counted.asked) * 100 >= counted.limit_value * thresholds[1] then
      alerts := alerts || subctl_internal.raise_alerts(customer, standing, thresholds, counted);
    end if;
  end loop;
  return alerts;
end $$;
