-- Ends the subscriptions of some customers that are over at an instant, each at its own end, with the credits of
-- earlier cycles and those of the fallback plan, about `p_most` rows for each customer. The open invoices of one that
-- ends for non-payment become uncollectible. Checks again what is due. The caller has locked the customers and their
-- subscriptions. Returns the number of subscriptions ended.
create or replace function subctl_internal.end_due_subscriptions(
  p_as_of timestamptz, p_customers text[], p_change text, p_most int) returns int
language plpgsql volatile set enable_seqscan = off set search_path = pg_catalog, subctl, pg_temp as $$
declare
  v_rows int := 0;
  v_due record;
  v_live text[];
  v_credits text[];
  v_posted text[];
begin
  for v_due in
    select x.action, array_agg(x.reason) as reasons, array_agg(x.customer_id) as customers,
           array_agg(x.subscription_id) as subscriptions, array_agg(x.due_at) as ends,
           array_agg(case x.action when 'cancel' then 'canceled' else 'expired' end) as statuses
      from subctl.due_ends x
     where x.customer_id = any (p_customers) and x.due_at <= p_as_of
     group by x.action
  loop
    -- the credits of the periods before the end that are not written yet
    perform subctl_internal.post_due_credits(array[t.customer_id], t.due_at - interval '1 microsecond', p_change)
       from unnest(v_due.customers, v_due.ends) t(customer_id, due_at)
      where exists (select 1 from subctl.credit_grants g
                     where g.customer_id = t.customer_id and g.expired_at is null
                       and (g.expires_at < t.due_at) is true);   -- by customer, and not by the index of what is due
    v_rows := v_rows + (
      select count(*)
        from subctl_internal.end_subscriptions(v_due.customers, v_due.subscriptions, v_due.ends, v_due.statuses,
               case v_due.action when 'cancel' then 'cancel' else 'expiry' end, v_due.reasons, p_as_of, p_change));
    -- without another plan the remaining credits mostly expire; a fallback plan may grant some
    v_live := array(
      select l.customer_id from subctl.subscriptions l
       where l.customer_id = any (v_due.customers) and l.status in ('trialing', 'active', 'past_due', 'paused'));
    v_credits := array(
      select distinct g.customer_id from subctl.credit_grants g
       where g.customer_id = any (v_due.customers) and g.expired_at is null);
    select p.done into v_posted
      from subctl_internal.post_plain_credits(array(select unnest(v_credits) except select unnest(v_live)), p_as_of,
                                              p_change) p;
    v_credits := array((select unnest(v_credits) union select unnest(v_live)) except select unnest(v_posted));
    if v_credits <> '{}' then perform subctl_internal.post_due_credits(v_credits, p_as_of, p_change, p_most); end if;
  end loop;
  -- invoices left open by an end for non-payment are not collected any more but may still be paid
  update subctl.invoices i set status = 'uncollectible', collect_at = null
    from subctl.subscriptions s
   where s.customer_id = any (p_customers) and s.status = 'expired' and s.ended_at = s.grace_until
     and s.change_id = p_change and i.customer_id = any (p_customers) and i.customer_id = s.customer_id
     and i.subscription_id = s.id and i.status = 'open';
  return v_rows;
end $$;
