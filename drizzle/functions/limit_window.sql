-- The window of a limit that contains `at`: calendar, anchored (null for the default plan's: it follows the customer's zone as the calendar
-- does), the billing period, the term, or without end. Meters that restart with the
-- subscription (`restarts`) count from `usage_from` and never beyond the period. The one place that record_usage and reports ask.
create or replace function subctl.limit_window(
  customer text, win_kind text, n int, restarts boolean, at timestamptz, anchor timestamptz, anchor_zone text, period_start timestamptz,
  period_end timestamptz, usage_from timestamptz) returns tstzrange
language plpgsql stable set search_path = pg_catalog, subctl, pg_temp as $$
declare
  v_window tstzrange;
begin
  if $2 = 'term' then
    v_window := subctl.term_window($1, $5);
    if v_window is not null then return v_window; end if;
  end if;
  v_window := case
    when $2 in ('period', 'term') then tstzrange($8, $9)
    when $2 like 'anchored%' and $6 is not null then subctl.anchored_window($1, $2, $3, $5, $6, $7, $8, $9)
    when $2 in ('lifetime', 'session') then tstzrange('-infinity', 'infinity')
    else subctl.customer_window($1, $2, $5, $3) end;
  if $4 then v_window := tstzrange(greatest(lower(v_window), $10), least(upper(v_window), $9)); end if;
  return v_window;
end $$;
