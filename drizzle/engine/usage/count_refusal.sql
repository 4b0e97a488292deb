-- Counts a refusal in the window of the limit that refused, and returns the tally, which the caller writes. A closed
-- window counts none; a limit without a window of its own counts them without bounds.
create or replace function subctl_internal.count_refusal(customer text, tally subctl.usage_tally, breach int)
returns subctl.usage_tally
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp as $$
declare
  counted subctl.usage_count := tally.counts[breach];
  has_window boolean := counted.kept = 'row';
begin
  if counted.kept = 'slot' then
    tally.refused[counted.slot] := tally.refused[counted.slot] + 1;
  elsif not counted.is_closed then
    insert into subctl.usage_counters (
      customer_id, meter_id, "window", scope, subject, window_start, window_end, used, refused)
    values (customer, counted.meter, counted.win, counted.scope, counted.subject,
            case when has_window then counted.starts else '-infinity' end,
            case when has_window then counted.ends else 'infinity' end,
            case when has_window then counted.used else 0 end, 1)
    on conflict (customer_id, meter_id, "window", scope, subject, window_start)
    do update set refused = usage_counters.refused + 1;
  end if;
  return tally;
end $$;
