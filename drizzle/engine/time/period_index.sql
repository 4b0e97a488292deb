-- Returns the number of the anchored period that contains p_at: the greatest index whose start is not after it (R2).
create or replace function subctl_internal.period_index(
  p_anchor timestamptz, p_every text, p_at timestamptz, p_zone text)
returns int
language plpgsql immutable parallel safe set search_path = pg_catalog, subctl, pg_temp as $$
declare
  v_parts record;
  v_k int;
begin
  v_parts := subctl_internal.interval_parts(p_every);
  -- an estimate by mean lengths, then exact: each step compares true starts
  v_k := floor(extract(epoch from p_at - p_anchor)
               / (v_parts.n * case v_parts.unit when 'month' then 2629746 else 86400 end));
  while subctl_internal.period_start(p_anchor, p_every, v_k, p_zone) > p_at loop
    v_k := v_k - 1;
  end loop;
  while subctl_internal.period_start(p_anchor, p_every, v_k + 1, p_zone) <= p_at loop
    v_k := v_k + 1;
  end loop;
  return v_k;
end $$;
