-- A payment is on its way: the grace of a subscription that is past due lasts until a day after it is asked for again.
create or replace function subctl.wait_for_bank(customer text, subscription uuid, as_of timestamptz) returns void
language sql volatile as $$
  update subctl.subscriptions s set grace_until = greatest(s.grace_until, subctl.ask_again($3) + interval '24 hours')
   where s.customer_id = $1 and s.id = $2 and s.status = 'past_due'
$$;
