-- Returns the credit cycle that contains p_at, also if the anchor moved at p_turn and that is not written yet. Before
-- p_turn, cycles count from the anchor p_before and the last one ends at p_turn. Without p_turn it equals cycle_at.
create or replace function subctl_internal.cycle_around(
  p_customer text, p_basis text, p_anchor timestamptz, p_every text, p_at timestamptz, p_zone text,
  p_before timestamptz, p_turn timestamptz) returns tstzrange
language sql stable as $$
  select case when p_at < p_turn then subctl_internal.cycle_at(p_customer, p_basis, p_before, p_every, p_at, p_zone)
                * tstzrange(null, p_turn) else subctl_internal.cycle_at(p_customer, p_basis, p_anchor, p_every, p_at,
                                                                        p_zone) end
$$;
