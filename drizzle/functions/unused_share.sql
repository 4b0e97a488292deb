-- How much of a span that was paid for is left at an instant, and of how much, by differences of dates or of seconds
-- (R30). The ends and the instant are on one wall clock; `paused` is for how long the subscription's clock stood
-- still since the span began: that time is not used.
create or replace function subctl.unused_share(
  starts timestamp, ends timestamp, at timestamp, paused interval, by text, out rest numeric, out whole numeric)
language sql immutable parallel safe as $$
  select greatest(0, least(r.rest, w.whole)), w.whole
    from (select greatest(1, case $5 when 'seconds' then extract(epoch from $2 - $1)
                                     else $2::date - $1::date end) as whole) w,
         (select case $5 when 'seconds' then extract(epoch from $2 - ($3 - $4))
                         else $2::date - ($3 - $4)::date end as rest) r
$$;
