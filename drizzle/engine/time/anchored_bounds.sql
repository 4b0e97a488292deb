-- Returns the anchored period [start, end) that contains p_at (R1 to R4). Local dates give the period number. Nearly
-- always PostgreSQL's own conversion then gives both instants. Where a clock goes back shortly before one of them
-- (local_instant), or the number is one off, anchored_start decides: the loops correct it and skip periods that a
-- skipped day leaves empty, so start <= p_at < end always holds.
create or replace function subctl_internal.anchored_bounds(
  p_anchor timestamptz, p_months int, p_days int, p_at timestamptz, p_zone text) returns tstzrange
language plpgsql immutable strict parallel safe set search_path = pg_catalog, subctl, pg_temp as $$
declare
  v_local timestamp := p_at at time zone p_zone;
  v_anchor timestamp := p_anchor at time zone p_zone;
  v_first timestamp;
  v_last timestamp;
  v_k int;
  v_start timestamptz;
  v_end timestamptz;
begin
  if p_months > 0 then
    v_k := floor(((date_part('year', v_local) - date_part('year', v_anchor)) * 12
      + date_part('month', v_local) - date_part('month', v_anchor)) / p_months);
  else
    v_k := floor((v_local::date - v_anchor::date)::float8 / p_days);
  end if;
  v_first := v_anchor + make_interval(months => v_k * p_months, days => v_k * p_days);
  if v_first > v_local then
    v_k := v_k - 1;
    v_first := v_anchor + make_interval(months => v_k * p_months, days => v_k * p_days);
  end if;
  v_last := v_anchor + make_interval(months => (v_k + 1) * p_months, days => (v_k + 1) * p_days);
  v_start := v_first at time zone p_zone;
  v_end := v_last at time zone p_zone;
  if v_start <= p_at and p_at < v_end
     and (v_start - interval '25 hours') at time zone p_zone + interval '25 hours' <= v_first
     and (v_end - interval '25 hours') at time zone p_zone + interval '25 hours' <= v_last then
    return tstzrange(v_start, v_end);
  end if;
  v_start := subctl_internal.anchored_start(p_anchor, p_months, p_days, v_k, p_zone);
  if v_start > p_at then
    loop
      v_end := v_start;
      v_k := v_k - 1;
      v_start := subctl_internal.anchored_start(p_anchor, p_months, p_days, v_k, p_zone);
      exit when v_start <= p_at;
    end loop;
  else
    loop
      v_end := subctl_internal.anchored_start(p_anchor, p_months, p_days, v_k + 1, p_zone);
      exit when v_end > p_at;
      v_k := v_k + 1;
      v_start := v_end;
    end loop;
  end if;
  return tstzrange(v_start, v_end);
end $$;
