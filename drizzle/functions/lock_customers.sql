-- Takes the customers' own rows, in one order, for the rest of the transaction: whoever writes their usage or credits waits.
create or replace function subctl.lock_customers(customers text[]) returns void
language plpgsql volatile as $$
begin
  perform 1 from subctl.usage_state s where s.customer_id = any($1) order by s.customer_id for no key update;
end $$;
