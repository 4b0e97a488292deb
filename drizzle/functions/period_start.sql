-- The start of anchored period k: the anchor plus k times `every`, on the wall clock of zone tz (R2). k = 0 is the
-- period that starts at the anchor; earlier ones are negative. Its end is the start of period k + 1.
create or replace function subctl.period_start(anchor timestamptz, every text, k int, tz text) returns timestamptz
language plpgsql immutable parallel safe set search_path = pg_catalog, subctl, pg_temp as $$
declare
  v record;
begin
  v := subctl.interval_parts(every);
  return subctl.anchored_start(anchor, case v.unit when 'month' then v.n else 0 end, case v.unit when 'day' then v.n else 0 end, k, tz);
end $$;
