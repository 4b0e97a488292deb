-- Ends a page of free subscriptions that are over, the oldest due first, with the same rows as expire_subscriptions.
-- Called until `last_due` is null it has ended all of them. Billed, paused and past due ones, and those with credits
-- due before the end, are left to expire_subscriptions, as are customers that are put aside. `left_over` lists
-- customers that the page left; the next page puts them aside. A page continues where the previous one ended, so no
-- row is read twice. `done` counts subscriptions.
-- Locks: the lease of the run (null in `stop`: it is lost, and nothing was written), then the customers' rows, then
-- their subscriptions; a locked one is skipped, so that nothing waits meanwhile.
create or replace function subctl_internal.expire_page(
  p_page subctl.page_request,
  out done int, out stop boolean, out last_due timestamptz, out last_customer text, out left_over text[])
language plpgsql volatile set plan_cache_mode = force_generic_plan set enable_seqscan = off
  set search_path = pg_catalog, subctl, pg_temp as $$
declare
  v_customers text[];
  v_dues timestamptz[];
begin
  done := 0;
  stop := subctl_internal.hold_lease('check-expired', p_page.token);
  if stop is null then return; end if;
  perform subctl_internal.check_write_time(p_page.as_of);
  select array_agg(d.customer_id), array_agg(d.due_at) into v_customers, v_dues
    from (
      select s.customer_id, s.current_period_end as due_at
        from subctl.subscriptions s
       where s.status in ('trialing', 'active') and s.current_period_end <= p_page.as_of
         and (s.current_period_end, s.customer_id) > (p_page.after_due, p_page.after_customer)
         and (s.cancel_at_period_end or not s.auto_renew or s.ends_at = s.current_period_end)
         and s.collection in ('free', 'complimentary') and s.customer_id <> all (p_page.aside)
         and not exists (select 1 from subctl.credit_grants g
                          where g.customer_id = s.customer_id and g.expired_at is null
                            and (g.expires_at < s.current_period_end) is true)   -- by customer, not by what is due
       order by s.current_period_end, s.customer_id limit p_page.size) d;
  if v_customers is null then return; end if;
  last_due := v_dues[cardinality(v_dues)];
  last_customer := v_customers[cardinality(v_customers)];
  v_customers := subctl_internal.lock_free_subscriptions(subctl_internal.lock_free_customers(v_customers));
  done := subctl_internal.end_due_subscriptions(p_page.as_of, v_customers, p_page.change_id,
                                                greatest(4, 500 / greatest(1, cardinality(v_customers))));
  if done < cardinality(v_customers) then   -- some changed before the locks were taken
    left_over := array(
      select s.customer_id from subctl.subscriptions s
       where s.customer_id = any (v_customers) and s.status in ('trialing', 'active', 'past_due', 'paused')
         and s.change_id is distinct from p_page.change_id);
  end if;
end $$;
