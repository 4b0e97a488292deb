-- The limits that the answer of a use showed, from what its event keeps (`result`): the credit balance after it, 1 where it went beyond a limit,
-- the quantity that was asked where less was taken; then, each for all limits, the totals, the numbers of the windows, the limits, the starts
-- and the ends (seconds since 1970, null where there is none).
create or replace function subctl.event_limits(result numeric[])
returns table (place int, window_id int, used numeric, limit_value numeric, starts numeric, ends numeric)
language sql immutable parallel safe as $$
  select i, $1[3 + n.n + i]::int, $1[3 + i], $1[3 + 2 * n.n + i], $1[3 + 3 * n.n + i], $1[3 + 4 * n.n + i]
    from (select (cardinality($1) - 3) / 5 as n) n cross join lateral generate_series(1, n.n) i
$$;
