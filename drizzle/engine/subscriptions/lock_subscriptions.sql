-- Locks some customers (lock_customers) and then their live subscriptions. Every writer of a subscription takes these
-- locks before it reads it. A page of renewals locks subscriptions alone (renew_page), and skips those that are
-- locked.
create or replace function subctl_internal.lock_subscriptions(customers text[]) returns void
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp as $$
begin
  perform subctl_internal.lock_customers(customers);
  perform 1 from subctl.subscriptions s
    where s.customer_id = any (customers) and s.status in ('trialing', 'active', 'past_due', 'paused')
    order by s.customer_id for no key update;
end $$;
