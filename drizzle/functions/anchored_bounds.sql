-- The anchored period [start, end) that contains `at` (R1 to R4). The local dates give k to within one period; the
-- loops settle it, and pass over periods that a skipped day leaves empty, so that start <= at < end always holds.
create or replace function subctl.anchored_bounds(anchor timestamptz, months int, days int, at timestamptz, tz text) returns tstzrange
language plpgsql immutable strict parallel safe set search_path = pg_catalog, subctl, pg_temp as $$
declare
  v_local timestamp := at at time zone tz;
  v_anchor timestamp := anchor at time zone tz;
  v_k int;
  v_start timestamptz;
  v_end timestamptz;
begin
  if months > 0 then
    v_k := floor(((date_part('year', v_local) - date_part('year', v_anchor)) * 12
      + date_part('month', v_local) - date_part('month', v_anchor)) / months);
  else
    v_k := floor((v_local::date - v_anchor::date)::float8 / days);
  end if;
  v_start := subctl.anchored_start(anchor, months, days, v_k, tz);
  if v_start > at then
    loop
      v_end := v_start;
      v_k := v_k - 1;
      v_start := subctl.anchored_start(anchor, months, days, v_k, tz);
      exit when v_start <= at;
    end loop;
  else
    loop
      v_end := subctl.anchored_start(anchor, months, days, v_k + 1, tz);
      exit when v_end > at;
      v_k := v_k + 1;
      v_start := v_end;
    end loop;
  end if;
  return tstzrange(v_start, v_end);
end $$;
