-- Ends the open windows of a customer's own period when another schedule applies from an instant on without a usage
-- reset. Counts in the old windows stay. The new windows count from their start, which may be earlier. A window that
-- starts at the same instant in both schedules continues. A window that began at this instant is recounted. The caller
-- has locked the customer and written the subscription.
create or replace function subctl_internal.cut_windows(customer text, subscription uuid, at timestamptz) returns void
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp as $$
declare
  v_open record;
begin
  perform subctl_internal.flush_windows($1, 'infinity');
  for v_open in
    select c.*, subctl_internal.limit_window($1, k.kind, k.n, m.tier is distinct from 'free', $3, s.anchor,
                                             s.anchor_timezone,
                                             s.current_period_start, s.current_period_end,
                                             s.usage_reset_at) as window_now
      from subctl.subscriptions s
      join subctl.usage_counters c on c.customer_id = s.customer_id and c.closed_at is null and c.window_end > $3
       and c."window" ~ '^(period|every_)'
      join subctl.meters m on m.id = c.meter_id
     cross join lateral subctl_internal.window_kind(c."window") k
     where s.customer_id = $1 and s.id = $2
  loop
    if v_open.window_start >= $3 and v_open.window_start <> lower(v_open.window_now) then
      delete from subctl.usage_counters c
       where c.customer_id = $1 and c.meter_id = v_open.meter_id and c."window" = v_open."window"
         and c.scope = v_open.scope and c.subject = v_open.subject and c.window_start = v_open.window_start;
    else
      update subctl.usage_counters c
         set window_end = case when v_open.window_start = lower(v_open.window_now) then upper(v_open.window_now)
                               else $3 end
       where c.customer_id = $1 and c.meter_id = v_open.meter_id and c."window" = v_open."window"
         and c.scope = v_open.scope and c.subject = v_open.subject and c.window_start = v_open.window_start;
    end if;
  end loop;
end $$;
