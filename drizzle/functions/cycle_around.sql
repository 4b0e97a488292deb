-- The cycle of credits that contains `at`, also where the anchor has moved at `turn` and nobody has written that: before it the cycles are
-- counted from the anchor `before`, and the last one ends there. Without a turn it is cycle_at.
create or replace function subctl.cycle_around(
  customer text, basis text, anchor timestamptz, every text, at timestamptz, tz text, before timestamptz, turn timestamptz) returns tstzrange
language sql stable as $$
  select case when $5 < $8 then subctl.cycle_at($1, $2, $7, $4, $5, $6) * tstzrange(null, $8) else subctl.cycle_at($1, $2, $3, $4, $5, $6) end
$$;
