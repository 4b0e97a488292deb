-- Locks the live subscriptions of some customers for the rest of the transaction and returns these customers in order
-- of their id. Subscriptions that another transaction holds are skipped. Usage rows are not locked, so that recording
-- never waits for it (renew_page).
create or replace function subctl_internal.lock_free_subscriptions(p_customers text[]) returns text[]
language plpgsql volatile set enable_seqscan = off set search_path = pg_catalog, subctl, pg_temp as $$
begin
  return array(
    select s.customer_id from subctl.subscriptions s
     where s.customer_id = any (p_customers) and s.status in ('trialing', 'active', 'past_due', 'paused')
     order by s.customer_id for no key update skip locked);
end $$;
