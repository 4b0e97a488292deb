-- The window of an `every_…` limit, or the cycle of credits, that contains `at` in a subscription's period (R34a). It is counted from the anchor
-- on the subscription's own clock: while that stands still the window under way goes on, and those after it come so much later. Days that were
-- given come after the period's own end: its last window goes on until the period ends. So a period has as many windows as without either.
create or replace function subctl.anchored_window(
  customer text, win_kind text, n int, at timestamptz, anchor timestamptz, anchor_zone text, period_start timestamptz, period_end timestamptz)
returns tstzrange
language plpgsql stable set search_path = pg_catalog, subctl, pg_temp as $$
#variable_conflict use_column
declare
  v_window tstzrange := subctl.window_bounds($2, $5, $4, $6, $3);
  v_own timestamptz;                     -- where the period would have ended
  v_at timestamptz := $4;                -- on the subscription's own clock
  v_from timestamptz; v_until timestamptz;
  v_stood interval := '0';
  s record; p record;
begin
  if not ($4 >= $7 and $4 < $8) is true then return v_window; end if;
  -- what moves a period is in its history; plans of other intervals may count from the same anchor
  select g.subscription_id as id, g.every into s from subctl.subscription_segments g
   where g.customer_id = $1 and g.anchor = $5 and g.period_start = $7
   order by (g.period_end = $8) is true desc, g.from_at desc limit 1;
  if not found then return v_window; end if;
  v_own := upper(subctl.period_at($5, s.every, greatest($7, $5), $6));
  if $8 <= v_own then return v_window; end if;
  for p in
    select * from subctl.pauses_of($1, s.id) x where x.from_at >= $7 and x.from_at < $4 order by x.from_at
  loop
    v_at := subctl.shift_instant(v_at, least(p.until, $4), p.from_at);
  end loop;
  v_window := subctl.window_bounds($2, $5, least(v_at, v_own - interval '1 microsecond'), $6, $3);
  v_from := lower(v_window); v_until := upper(v_window);
  for p in select * from subctl.pauses_of($1, s.id) x where x.from_at >= $7 and x.from_at < $8 order by x.from_at loop
    if p.from_at - v_stood < lower(v_window) then v_from := case when isfinite(p.until) then subctl.shift_instant(v_from, p.from_at, p.until) end; end if;
    if p.from_at - v_stood < upper(v_window) then v_until := case when isfinite(p.until) then subctl.shift_instant(v_until, p.from_at, p.until) else 'infinity' end; end if;
    exit when not isfinite(p.until);
    v_stood := v_stood + (p.until - p.from_at);
  end loop;
  return tstzrange(v_from, case when upper(v_window) >= v_own then $8 else v_until end);
end $$;
