-- Returns when a customer's credits cover p_need if nothing else is used. First by the release of reservations; else
-- by one of the next three plan grants, including rollover. Null if never: rolled-over credits do not roll over again,
-- so later grants add no more.
create or replace function subctl_internal.credits_available_at(p_customer text, p_as_of timestamptz, p_need numeric,
  p_balance numeric)
returns timestamptz
language plpgsql stable set search_path = pg_catalog, subctl, pg_temp as $$
declare
  v_at timestamptz := p_as_of;
begin
  if p_need <= p_balance then
    return (select min(h.expires_at)
              from (select r.expires_at, sum((r.held->>'credits')::numeric) over (order by r.expires_at) as freed,
                           sum((r.held->>'credits')::numeric) over () as held
                      from subctl.reservations r
                     where r.customer_id = p_customer and r.status = 'held' and r.expires_at > p_as_of) h
             where h.freed >= p_need - p_balance + h.held);
  end if;
  for i in 1 .. 3 loop
    v_at := subctl_internal.next_credits(p_customer, v_at);
    exit when v_at is null;
    if subctl_internal.credit_balance(p_customer, v_at) >= p_need then return v_at; end if;
  end loop;
  return null;
end $$;
