-- Ends a page of the subscriptions that cost nothing and are over, the oldest due first: the same rows as
-- expire_subscriptions writes. Called until `last` is null it has ended all of them; what is billed, paused or past
-- due, and what has credits that were due before the end, is left to expire_subscriptions, as are the customers of
-- `p_aside`. `left_over` are customers of the page that it left: they belong into `p_aside`. `p_after` is `last` of
-- the page before: nothing that is due earlier is looked at again. `done` counts subscriptions.
-- Locks: the lease of the run (null in `stop`: it is lost, and nothing was written), then the customers' rows; one
-- that is locked is skipped, so that nothing waits while they are held; then their subscriptions.
create or replace function subctl.expire_page(
  p_as_of timestamptz, p_change text, p_token bigint, p_limit int, p_aside text[], p_after timestamptz,
  out done int, out stop boolean, out last timestamptz, out left_over text[])
language plpgsql volatile set plan_cache_mode = force_generic_plan set enable_seqscan = off
  set search_path = pg_catalog, subctl, pg_temp as $$
declare
  v_customers text[];
begin
  done := 0;
  stop := subctl.hold_lease('check-expired', p_token);
  if stop is null then return; end if;
  perform subctl.check_write_time(p_as_of);
  select array_agg(d.customer_id order by d.customer_id), max(d.due_at) into v_customers, last
    from (
      select s.customer_id, s.current_period_end as due_at
        from subctl.subscriptions s
        join subctl.usage_totals t on t.customer_id = s.customer_id
       where s.status in ('trialing', 'active') and s.current_period_end <= p_as_of and s.current_period_end >= p_after
         and (s.cancel_at_period_end or not s.auto_renew or s.ends_at = s.current_period_end)
         and s.collection in ('free', 'complimentary') and s.customer_id <> all (p_aside)
         and not exists (select 1 from subctl.credit_grants g
                          where g.customer_id = s.customer_id and g.expired_at is null
                            and g.expires_at < s.current_period_end)
       order by s.current_period_end limit p_limit
         for no key update of t skip locked) d;
  if v_customers is null then return; end if;
  perform subctl.lock_subscriptions(v_customers);
  done := subctl.end_due_subscriptions(p_as_of, v_customers, p_change, greatest(4, 500 / cardinality(v_customers)));
  -- those that changed before the locks were taken
  left_over := array(
    select s.customer_id from subctl.subscriptions s
     where s.customer_id = any (v_customers) and s.status in ('trialing', 'active', 'past_due', 'paused')
       and s.change_id is distinct from p_change);
end $$;
