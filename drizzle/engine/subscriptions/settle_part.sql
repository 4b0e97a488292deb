-- Runs settle_subscriptions and posts the credits of the periods until then, in a transaction of bounded length: about
-- p_most rows, null for all. Returns the number of rows written and whether more is left. Repeated calls in separate
-- transactions give the same result as one call (R36). Locks the customers.
create or replace function subctl_internal.settle_part(
  p_as_of timestamptz, p_customers text[], p_change text, p_most int, out done int, out more boolean)
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp as $$
declare
  v_each int := greatest(4, p_most / greatest(cardinality(p_customers), 1));
  v_live text[];
  v_rows int;
  v_subscription record;
begin
  perform subctl_internal.check_write_time(p_as_of);
  perform subctl_internal.lock_subscriptions(p_customers);
  done := 0; more := false;
  if p_most is null then
    perform subctl_internal.settle_subscriptions(p_as_of, p_customers, p_change);
  else
    -- credits of written periods first, so that the end of a subscription finds few left to post
    for v_subscription in
      select x.customer_id, least(p_as_of, x.current_period_end - interval '1 microsecond') as until
        from subctl.subscriptions x
       where x.customer_id = any (p_customers) and x.status in ('trialing', 'active', 'past_due', 'paused')
         and exists (select 1 from subctl_internal.pending_credit_expiries(
               array[x.customer_id], least(p_as_of, x.current_period_end - interval '1 microsecond')))
    loop
      v_rows := subctl_internal.post_due_credits(array[v_subscription.customer_id], v_subscription.until, p_change,
                                                 v_each);
      done := done + v_rows;
      more := more or v_rows > 0
        and exists (select 1 from subctl_internal.pending_credit_expiries(array[v_subscription.customer_id],
          v_subscription.until));
    end loop;
    if more then return; end if;
    for step in 1 .. greatest(v_each / 20, 3) loop
      v_rows := subctl_internal.expire_subscriptions(p_as_of, p_customers, p_change)
        + subctl_internal.renew_subscriptions(p_as_of, p_customers, p_change);
      done := done + v_rows;
      more := v_rows > 0;
      exit when not more;
    end loop;
    if more then return; end if;
  end if;
  -- customers without a subscription get the default plan's credits with their first use, not here
  v_live := array(
    select x.customer_id from subctl.subscriptions x
     where x.customer_id = any (p_customers) and x.status in ('trialing', 'active', 'past_due', 'paused'));
  if v_live <> '{}' then
    v_rows := subctl_internal.post_due_credits(v_live, p_as_of, p_change, case when p_most is not null then v_each end);
    done := done + v_rows;
    more := p_most is not null and v_rows > 0 and exists (select 1
      from subctl_internal.pending_credit_expiries(v_live, p_as_of));
  end if;
end $$;
