-- Returns the credits that live reservations of a customer hold. They are part of the balance but others cannot spend
-- them.
create or replace function subctl_internal.reserved_credits(customer text, as_of timestamptz) returns numeric
language sql stable as $$
  select coalesce(sum((r.held->>'credits')::numeric), 0)
    from subctl.reservations r
   where r.customer_id = $1 and r.status = 'held' and r.expires_at > $2
$$;
