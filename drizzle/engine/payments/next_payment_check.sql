-- Returns when the payment provider is next asked about a pending payment: one day later, at the beginning of that
-- hour.
create or replace function subctl_internal.next_payment_check(as_of timestamptz) returns timestamptz
language sql immutable parallel safe as $$
  select date_trunc('hour', $1, 'UTC') + interval '24 hours'
$$;
