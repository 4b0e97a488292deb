-- Returns when the first invoice of a subscription was due that was unpaid at an instant; null where there was none.
create or replace function subctl_internal.first_unpaid_at(customer text, subscription uuid, as_of timestamptz)
returns timestamptz
language plpgsql stable set search_path = pg_catalog, subctl, pg_temp as $$
begin
  return (
    select min(i.due_at) from subctl.invoices i
     where i.customer_id = customer and i.subscription_id = subscription and i.due_at <= as_of
       and (i.status = 'open' or i.paid_at > as_of));
end $$;
