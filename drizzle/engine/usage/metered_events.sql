-- Lists what each event of a customer, or of one member, in [p_from_at, p_to_at) counts on a meter.
create or replace function subctl_internal.metered_events(
  p_customer text, p_meter text, p_member text, p_from_at timestamptz, p_to_at timestamptz)
returns table (at timestamptz, id uuid, amount numeric)
language sql stable as $$
  select e.at, e.id, e.amount from subctl_internal.events_on_meter(p_meter, p_from_at, p_to_at) e
   where e.customer_id = p_customer and (p_member is null or e.member_id = p_member)
$$;
