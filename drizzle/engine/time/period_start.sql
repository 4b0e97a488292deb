-- Returns the start of anchored period p_index: the anchor plus p_index times p_every, on the wall clock of p_zone
-- (R2). Period 0 starts at the anchor; earlier ones are negative. Its end is the start of period p_index + 1.
create or replace function subctl_internal.period_start(p_anchor timestamptz, p_every text, p_index int, p_zone text)
returns timestamptz
language plpgsql immutable parallel safe set search_path = pg_catalog, subctl, pg_temp as $$
declare
  v_parts record;
begin
  v_parts := subctl_internal.interval_parts(p_every);
  return subctl_internal.anchored_start(p_anchor, case v_parts.unit when 'month' then v_parts.n else 0 end,
                                        case v_parts.unit when 'day' then v_parts.n else 0 end, p_index, p_zone);
end $$;
