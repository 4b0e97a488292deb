-- Returns the window of an `every_…` limit, or the credit cycle, that contains p_at in a subscription's period
-- (R34a). It counts from the anchor on the subscription's own clock. While that clock is stopped the current
-- window continues, and later windows start later by the same time. Days that were added follow the period's own
-- end, and its last window lasts until the period ends. A period therefore has the same number of windows with
-- pauses and added days as without.
create or replace function subctl_internal.anchored_window(
  p_customer text, p_kind text, p_count int, p_at timestamptz, p_anchor timestamptz, p_anchor_zone text,
  p_period_start timestamptz, p_period_end timestamptz)
returns tstzrange
language plpgsql stable set search_path = pg_catalog, subctl, pg_temp as $$
declare
  v_window tstzrange := subctl_internal.window_bounds(p_kind, p_anchor, p_at, p_anchor_zone, p_count);
  v_own timestamptz;                     -- where the period would have ended
  v_at timestamptz := p_at;              -- on the subscription's own clock
  v_from timestamptz; v_until timestamptz;
  v_stood interval := '0';
  v_segment record;
  v_pause record;
begin
  if not (p_at >= p_period_start and p_at < p_period_end) is true then return v_window; end if;
  -- the history says what moved a period; plans of other intervals may have the same anchor
  select g.subscription_id as id, g.every into v_segment from subctl.subscription_phases g
   where g.customer_id = p_customer and g.anchor = p_anchor and g.period_start = p_period_start
   order by (g.period_end = p_period_end) is true desc, g.from_at desc limit 1;
  if not found then return v_window; end if;
  v_own := upper(subctl_internal.period_at(p_anchor, v_segment.every, greatest(p_period_start, p_anchor),
                                           p_anchor_zone));
  if p_period_end <= v_own then return v_window; end if;
  for v_pause in
    select * from subctl_internal.pauses_of(p_customer, v_segment.id) x where x.from_at >= p_period_start
      and x.from_at < p_at
     order by x.from_at
  loop
    v_at := subctl_internal.shift_instant(v_at, least(v_pause.until, p_at), v_pause.from_at);
  end loop;
  v_window := subctl_internal.window_bounds(p_kind, p_anchor, least(v_at, v_own - interval '1 microsecond'),
                                            p_anchor_zone, p_count);
  v_from := lower(v_window); v_until := upper(v_window);
  for v_pause in
    select * from subctl_internal.pauses_of(p_customer, v_segment.id) x
     where x.from_at >= p_period_start and x.from_at < p_period_end order by x.from_at
  loop
    if v_pause.from_at - v_stood < lower(v_window) then
      v_from := case when isfinite(v_pause.until) then subctl_internal.shift_instant(v_from, v_pause.from_at,
                                                                                     v_pause.until) end;
    end if;
    if v_pause.from_at - v_stood < upper(v_window) then
      v_until := case when isfinite(v_pause.until) then subctl_internal.shift_instant(v_until, v_pause.from_at,
                                                                                      v_pause.until)
                      else 'infinity' end;
    end if;
    exit when not isfinite(v_pause.until);
    v_stood := v_stood + (v_pause.until - v_pause.from_at);
  end loop;
  return tstzrange(v_from, case when upper(v_window) >= v_own then p_period_end else v_until end);
end $$;
