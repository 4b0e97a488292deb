-- Returns the anchor for the periods that begin at p_at, the end of the previous period. It stays the same (R2) unless
-- a trial ends, the interval changes, or that end is not a boundary of the anchor's periods (after an extension, a
-- pause or a change at an instant).
create or replace function subctl_internal.next_anchor(
  p_anchor timestamptz, p_every text, p_next_every text, p_trying boolean, p_at timestamptz, p_zone text)
returns timestamptz
language sql immutable parallel safe as $$
  select case when not p_trying
               and (p_next_every = p_every or subctl_internal.interval_parts(p_next_every)
                    = subctl_internal.interval_parts(p_every))
               and lower(subctl_internal.period_at(p_anchor, p_every, p_at, p_zone)) = p_at then p_anchor else p_at end
$$;
