-- Returns how much live reservations hold of a meter in [p_from_at, p_to_at): the sum of live_reservations.
create or replace function subctl_internal.reserved_usage(
  p_customer text, p_meter text, p_member text, p_session text, p_from_at timestamptz, p_to_at timestamptz,
  p_as_of timestamptz) returns numeric
language sql stable as $$
  select coalesce(sum(h.amount), 0)
    from subctl_internal.live_reservations(p_customer, p_meter, p_member, p_session, p_from_at, p_to_at, p_as_of) h
$$;
