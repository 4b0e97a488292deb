-- Judges a use that exceeds some limit: `breach` is the place of the hard limit with the least room (R8), null where
-- only others are exceeded; `is_overage` says whether it exceeds a limit by usage, without reservations.
create or replace function subctl_internal.judge_limits(counts subctl.usage_count[], verdict subctl.usage_verdict)
returns subctl.usage_verdict
language plpgsql immutable set search_path = pg_catalog, subctl, pg_temp as $$
declare
  counted subctl.usage_count;
  place int := 0;
  room numeric;
  least_room numeric;
begin
  foreach counted in array counts loop
    place := place + 1;
    room := counted.limit_value - coalesce(counted.held, 0) - counted.used;
    continue when not subctl_internal.exceeds_limit(counted);
    if counted.is_hard and (verdict.breach is null or room < least_room) then
      verdict.breach := place;
      least_room := room;
    end if;
    verdict.is_overage := verdict.is_overage or counted.used + counted.asked > counted.limit_value;
  end loop;
  return verdict;
end $$;
