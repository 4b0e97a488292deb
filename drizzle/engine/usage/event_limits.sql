-- Returns the limits in the answer of a use, from its event's `result`: the credit balance afterwards, 1 where it went
-- beyond a limit (null for mere counting), the requested quantity where less was taken; then, each for all limits, the
-- totals, the numbers of the windows, the limits, the starts and the ends (seconds since 1970, null where there is
-- none).
create or replace function subctl_internal.event_limits(result numeric[])
returns table (place int, window_id int, used numeric, limit_value numeric, starts numeric, ends numeric)
language sql immutable parallel safe as $$
  select l.place, $1[3 + n.count + l.place]::int, $1[3 + l.place], $1[3 + 2 * n.count + l.place],
         $1[3 + 3 * n.count + l.place], $1[3 + 4 * n.count + l.place]
    from (select (cardinality($1) - 3) / 5 as count) n cross join lateral generate_series(1, n.count) l(place)
$$;
