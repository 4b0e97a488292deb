-- The first instant at which a use fits every window of a rolling limit that it would fall into, where uses come after `at` as well: they may
-- fill `room` of a window. The last use with which those of the span after it fill more must have fallen out. Null if never.
create or replace function subctl.rolling_room_at(
  customer text, meter text, subject text, at timestamptz, span interval, since timestamptz, room numeric) returns timestamptz
language sql stable as $$
  select max(s.at) + $5
    from (select x.at, sum(x.amount) over (order by x.at range between current row and $5 - interval '1 microsecond' following) as filled
            from subctl.rolling_steps($1, $2, $3, greatest($4 - $5 + interval '1 microsecond', $6), 'infinity') x) s
   where s.filled > $7 and $7 >= 0
$$;
