-- Returns how much of a paid span is left at an instant, and of how much, in days or seconds (R30). Both ends and the
-- instant are on one wall clock. `paused` is how long the subscription's clock stood still since the span began; that
-- time is not used.
create or replace function subctl_internal.unused_share(
  p_starts timestamp, p_ends timestamp, p_at timestamp, p_paused interval, p_by text, out rest numeric,
  out whole numeric)
language sql immutable parallel safe as $$
  select greatest(0, least(r.rest, w.whole)), w.whole
    from (select greatest(1, case p_by when 'seconds' then extract(epoch from p_ends - p_starts)
                                     else p_ends::date - p_starts::date end) as whole) w,
         (select case p_by when 'seconds' then extract(epoch from p_ends - (p_at - p_paused))
                         else p_ends::date - (p_at - p_paused)::date end as rest) r
$$;
