-- A window that had ended goes on until `ends`, open: it counts what was used since, too. What came late to it is in that
-- count. Returns it.
create or replace function subctl.reopen_window(
  customer text, meter text, win text, scope text, subject text, starts timestamptz, ends timestamptz) returns numeric
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp as $$
#variable_conflict use_column
declare
  v_used numeric := subctl.recount_usage($1, $2, nullif($5, ''), null, $6, $7);
begin
  delete from subctl.usage_adjustments a
   where a.customer_id = $1 and a.meter_id = $2 and a."window" = $3 and a.scope = $4 and a.subject = $5
     and a.window_start = $6;
  update subctl.usage_counters c
     set window_end = $7, used = v_used, closed_at = null, limit_value = null, change_id = null
   where c.customer_id = $1 and c.meter_id = $2 and c."window" = $3 and c.scope = $4 and c.subject = $5
     and c.window_start = $6;
  return v_used;
end $$;
