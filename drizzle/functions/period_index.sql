-- The number of the anchored period that contains `at`: the greatest k whose start is not after it (R2).
create or replace function subctl.period_index(anchor timestamptz, every text, at timestamptz, tz text) returns int
language plpgsql immutable parallel safe set search_path = pg_catalog, subctl, pg_temp as $$
declare
  v record;
  v_k int;
begin
  v := subctl.interval_parts(every);
  -- an estimate by mean lengths, then exact: each step compares true starts
  v_k := floor(extract(epoch from at - anchor) / (v.n * case v.unit when 'month' then 2629746 else 86400 end));
  while subctl.period_start(anchor, every, v_k, tz) > at loop
    v_k := v_k - 1;
  end loop;
  while subctl.period_start(anchor, every, v_k + 1, tz) <= at loop
    v_k := v_k + 1;
  end loop;
  return v_k;
end $$;
