-- Stores beside a customer's totals until when reservations may hold something: recording reads them only until then.
-- Call it after every change of a reservation, with the customer's row locked.
create or replace function subctl_internal.note_reservations(customer text) returns void
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp as $$
begin
  update subctl.usage_totals t
     set held_until = (select max(r.expires_at) from subctl.reservations r
                        where r.customer_id = $1 and r.status = 'held')
   where t.customer_id = $1;
end $$;
