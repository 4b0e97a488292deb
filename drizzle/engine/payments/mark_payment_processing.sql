-- Extends the grace period of a past due subscription while a payment is pending: until a day after the next check of
-- the payment.
create or replace function subctl_internal.mark_payment_processing(customer text, subscription uuid, as_of timestamptz)
  returns void
language sql volatile as $$
  update subctl.subscriptions s set grace_until = greatest(s.grace_until,
    subctl_internal.next_payment_check($3) + interval '24 hours')
   where s.customer_id = $1 and s.id = $2 and s.status = 'past_due'
$$;
