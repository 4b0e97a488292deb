-- The start of anchored period k: the anchor plus k times `every`, on the wall clock of zone tz (R2). k = 0 is the
-- period that starts at the anchor; earlier ones are negative. Its end is the start of period k + 1.
create or replace function subctl.period_start(anchor timestamptz, every text, k int, tz text) returns timestamptz
language plpgsql immutable parallel safe as $$
declare
  v_unit text;
  v_n int;
begin
  select p.unit, p.n into v_unit, v_n from subctl.interval_parts(every) p;
  return subctl.anchored_start(anchor, case v_unit when 'month' then v_n else 0 end, case v_unit when 'day' then v_n else 0 end, k, tz);
end $$;
