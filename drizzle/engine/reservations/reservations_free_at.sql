-- Returns when enough reservations have expired to free p_excess of a meter. Null if all of them together hold less.
create or replace function subctl_internal.reservations_free_at(
  p_customer text, p_meter text, p_member text, p_session text, p_from_at timestamptz, p_to_at timestamptz,
  p_as_of timestamptz, p_excess numeric) returns timestamptz
language sql stable as $$
  select min(h.expires_at)
    from (select x.expires_at, sum(x.amount) over (order by x.expires_at) as freed
            from subctl_internal.live_reservations(p_customer, p_meter, p_member, p_session, p_from_at, p_to_at,
                                                   p_as_of) x) h
   where h.freed >= p_excess
$$;
