-- Opens the newest window of a limit in the customer's row: its count moves there from a row of its own, and the
-- window before it becomes such a row, where anything was used or refused in it. `counted.slot` is the place of the
-- limit there, null where it has none. The caller holds the customer's row and writes it (write_usage_tally).
create or replace function subctl_internal.open_usage_window(
  customer text, tally subctl.usage_tally, counted subctl.usage_count) returns subctl.usage_tally
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp as $$
declare
  place int := counted.slot;
begin
  if counted.refused is not null then
    delete from subctl.usage_counters u
     where u.customer_id = customer and u.meter_id = counted.meter and u."window" = counted.win
       and u.scope = counted.scope and u.subject = '' and u.window_start = counted.starts;
  end if;
  if place is null then
    place := cardinality(tally.ids) + 1;
    tally.ids[place] := counted.window_id;
  else
    tally.rules_over := true;   -- rules that were made for the previous window of this place are over
    if tally.used[place] > 0 or tally.refused[place] > 0 then
      insert into subctl.usage_counters (
        customer_id, meter_id, "window", scope, subject, window_start, window_end, used, refused)
      values (customer, counted.meter, counted.win, counted.scope, '', tally.starts[place], tally.ends[place],
              tally.used[place], tally.refused[place])
      on conflict (customer_id, meter_id, "window", scope, subject, window_start)
      do update set used = usage_counters.used + excluded.used, refused = usage_counters.refused + excluded.refused;
    end if;
  end if;
  tally.ends_moved := true;
  tally.starts[place] := counted.starts;
  tally.ends[place] := counted.ends;
  tally.used[place] := counted.used;
  tally.refused[place] := coalesce(counted.refused, 0);
  return tally;
end $$;
