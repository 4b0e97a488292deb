-- Lists what live reservations of a customer hold of a meter in [p_from_at, p_to_at), for one member or session or
-- (null) for all. A reservation counts as used at the instant of its creation until it is settled, released or expired
-- (R16). Call it only if customer_windows shows that reservations may exist.
create or replace function subctl_internal.live_reservations(
  p_customer text, p_meter text, p_member text, p_session text, p_from_at timestamptz, p_to_at timestamptz,
  p_as_of timestamptz)
returns table (id uuid, at timestamptz, expires_at timestamptz, amount numeric)
language sql stable as $$
  select r.id, r.at, r.expires_at, (r.held->'meters'->>p_meter)::numeric
    from subctl.reservations r
   where r.customer_id = p_customer and r.status = 'held' and r.expires_at > p_as_of and r.at >= p_from_at
     and r.at < p_to_at and r.held->'meters' ? p_meter
     and (p_member is null or r.held->>'member' = p_member) and (p_session is null or r.held->>'session' = p_session)
$$;
