-- Creates the row of a customer's open windows if it is missing.
create or replace function subctl_internal.ensure_customer_windows(customer text) returns void
language sql volatile as $$
  insert into subctl.usage_totals (customer_id) values ($1) on conflict do nothing;
  insert into subctl.customer_windows (customer_id) values ($1) on conflict do nothing
$$;
