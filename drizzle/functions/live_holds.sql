-- What live reservations of a customer hold of a meter in [from_at, to_at), of one member or session or (null) of all: each counts as used in
-- the windows that contain the instant of its reserving, until it is settled, released or over (R16). Nobody asks unless usage_state says
-- that something may be held.
create or replace function subctl.live_holds(
  customer text, meter text, member text, session text, from_at timestamptz, to_at timestamptz, as_of timestamptz)
returns table (id uuid, at timestamptz, expires_at timestamptz, amount numeric)
language sql stable as $$
  select r.id, r.at, r.expires_at, (r.held->'meters'->>$2)::numeric
    from subctl.reservations r
   where r.customer_id = $1 and r.status = 'held' and r.expires_at > $7 and r.at >= $5 and r.at < $6 and r.held->'meters' ? $2
     and ($3 is null or r.asked->>'member' = $3) and ($4 is null or r.asked->>'session' = $4)
$$;
