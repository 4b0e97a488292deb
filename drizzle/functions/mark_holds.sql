-- Stores on a customer's row until when reservations may hold something. Recording reads reservations only until then.
create or replace function subctl.mark_holds(customer text) returns void
language sql volatile as $$
  update subctl.usage_state s
     set held_until = (select max(r.expires_at) from subctl.reservations r
                        where r.customer_id = $1 and r.status = 'held')
   where s.customer_id = $1
$$;
