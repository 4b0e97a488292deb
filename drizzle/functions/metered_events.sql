-- What each event of a customer in [from_at, to_at) counts on a meter, of one member or (null) of all. For windows that nobody has
-- counted yet, and for proofs.
create or replace function subctl.metered_events(customer text, meter text, member text, from_at timestamptz, to_at timestamptz)
returns table (at timestamptz, id uuid, amount numeric)
language sql stable as $$
  select e.at, e.id, e.amount from subctl.events_on_meter($2, $4, $5) e where e.customer_id = $1 and ($3 is null or e.member_id = $3)
$$;
