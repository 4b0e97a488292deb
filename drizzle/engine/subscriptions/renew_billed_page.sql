-- Renews a page of billed subscriptions with unchanged terms, the oldest due first, each by one period with its
-- invoice (R2, R27, R36), with renew_same_terms as renew_subscriptions does. Called until `last_due` is null it has
-- renewed all of them. Those that end, change, pause, are overdue, will have fewer seats or would be charged more than
-- plausible (R37) are left to renew_subscriptions, as are customers that are put aside. `left_over` lists customers
-- that the page left; the next page puts them aside. A page continues where the previous one ended, so no row is read
-- twice. Locks: the lease of the run (null in `stop`: it is lost, and nothing was written), then the customers' rows,
-- since invoices are numbered by customer, then their subscriptions; a locked one is skipped.
create or replace function subctl_internal.renew_billed_page(
  p_page subctl.page_request,
  out done int, out stop boolean, out last_due timestamptz, out last_customer text, out left_over text[])
language plpgsql volatile set plan_cache_mode = force_generic_plan set enable_seqscan = off
  set search_path = pg_catalog, subctl, pg_temp as $$
declare
  v_found text[];
  v_dues timestamptz[];
  v_customers text[];
  v_done text[];
begin
  done := 0;
  stop := subctl_internal.hold_lease('handle-renewals', p_page.token);
  if stop is null then return; end if;
  perform subctl_internal.check_write_time(p_page.as_of);
  select array_agg(d.customer_id), array_agg(d.current_period_end) into v_found, v_dues
    from (
      select s.customer_id, s.current_period_end
        from subctl.subscriptions s
       where s.status = 'active' and s.current_period_end <= p_page.as_of
         and (s.current_period_end, s.customer_id) > (p_page.after_due, p_page.after_customer)
         and s.auto_renew and not s.cancel_at_period_end and s.collection in ('invoice', 'charge')
         and s.customer_id <> all (p_page.aside)
       order by s.current_period_end, s.customer_id limit p_page.size) d;
  if v_found is null then return; end if;
  last_due := v_dues[cardinality(v_dues)];
  last_customer := v_found[cardinality(v_found)];
  v_found := subctl_internal.lock_free_subscriptions(subctl_internal.lock_free_customers(v_found));
  v_customers := array(
    select s.customer_id
      from subctl.subscriptions s
     where s.customer_id = any (v_found) and s.status = 'active' and s.current_period_end <= p_page.as_of
       and s.auto_renew and not s.cancel_at_period_end and s.collection in ('invoice', 'charge')
       and num_nonnulls(s.pending_plan_id, s.pending_at, s.pending_quantity, s.ends_at, s.cut_from) = 0
    except
    select r.customer_id from subctl_internal.excessive_charges(p_page.as_of, v_found, p_page.charge_missed) r);
  v_done := subctl_internal.renew_same_terms(p_page.as_of, v_customers, p_page.change_id, p_page.charge_missed);
  done := cardinality(v_done);
  left_over := array(select unnest(v_found) except select unnest(v_done));
end $$;
