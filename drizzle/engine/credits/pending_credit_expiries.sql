-- Lists customers with expired credits that are not written yet at an instant: since when, and how many grants.
-- post_due_credits has more to write for them.
create or replace function subctl_internal.pending_credit_expiries(customers text[], as_of timestamptz)
returns table (customer_id text, since timestamptz, left_over int)
language sql stable as $$
  select g.customer_id, min(g.expires_at), count(*)::int from subctl.credit_grants g
   where g.customer_id = any ($1) and g.expired_at is null and g.expires_at <= $2
   group by g.customer_id
$$;
