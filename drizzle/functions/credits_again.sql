-- When the credits of a customer cover what a use needs, if nothing else is used: when enough of what is held is let go, else with one of the next
-- grants of the plan, with what rolls over into it. Null if never: what rolled over does not roll again, so that later grants bring no more.
create or replace function subctl.credits_again(customer text, as_of timestamptz, need numeric, balance numeric) returns timestamptz
language plpgsql stable set search_path = pg_catalog, subctl, pg_temp as $$
declare
  v_at timestamptz := $2;
begin
  if $3 <= $4 then
    return (select min(h.expires_at)
              from (select r.expires_at, sum((r.held->>'credits')::numeric) over (order by r.expires_at) as freed,
                           sum((r.held->>'credits')::numeric) over () as held
                      from subctl.reservations r where r.customer_id = $1 and r.status = 'held' and r.expires_at > $2) h
             where h.freed >= $3 - $4 + h.held);
  end if;
  for i in 1 .. 3 loop
    v_at := subctl.next_credits($1, v_at);
    exit when v_at is null;
    if subctl.credit_balance($1, v_at) >= $3 then return v_at; end if;
  end loop;
  return null;
end $$;
