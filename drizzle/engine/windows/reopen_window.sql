-- Reopens an ended window until p_ends: it also counts what was used since. Late adjustments become part of its count.
-- Returns the count.
create or replace function subctl_internal.reopen_window(
  p_customer text, p_meter text, p_window text, p_scope text, p_subject text, p_starts timestamptz, p_ends timestamptz)
returns numeric
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp as $$
declare
  v_used numeric := subctl_internal.recount_usage(p_customer, p_meter, nullif(p_subject, ''), null, p_starts, p_ends);
begin
  delete from subctl.usage_adjustments a
   where a.customer_id = p_customer and a.meter_id = p_meter and a."window" = p_window and a.scope = p_scope
     and a.subject = p_subject and a.window_start = p_starts;
  update subctl.usage_counters c
     set window_end = p_ends, used = v_used, closed_at = null, limit_value = null, change_id = null
   where c.customer_id = p_customer and c.meter_id = p_meter and c."window" = p_window and c.scope = p_scope
     and c.subject = p_subject and c.window_start = p_starts;
  return v_used;
end $$;
