-- Renews a page of free subscriptions with unchanged terms in one statement: the oldest due first, each by one period
-- from its anchor (R2, R36), with the same rows as renew_same_terms. Called until `last_due` is null it has renewed
-- all of them. Those that end, change, are billed, pause, were extended or are put aside are left to
-- renew_subscriptions. `left_over` lists customers that the page left; the next page puts them aside. A page continues
-- where the previous one ended, so no row is read twice.
-- Locks: the lease of the run (null in `stop`: it is lost, and nothing was written), then the subscriptions; a locked
-- one is skipped. Neither usage nor credits are locked: concurrent recording reads the periods by their dates.
create or replace function subctl_internal.renew_page(
  p_page subctl.page_request,
  out done int, out stop boolean, out last_due timestamptz, out last_customer text, out left_over text[])
language plpgsql volatile set plan_cache_mode = force_generic_plan set enable_seqscan = off
  set enable_mergejoin = off set search_path = pg_catalog, subctl, pg_temp as $$
declare
  v_customers text[];
  v_dues timestamptz[];
begin
  done := 0;
  stop := subctl_internal.hold_lease('handle-renewals', p_page.token);
  if stop is null then return; end if;
  perform subctl_internal.check_write_time(p_page.as_of);
  select array_agg(d.customer_id), array_agg(d.current_period_end) into v_customers, v_dues
    from (
      select s.customer_id, s.current_period_end
        from subctl.subscriptions s
       where s.status = 'active' and s.current_period_end <= p_page.as_of
         and (s.current_period_end, s.customer_id) > (p_page.after_due, p_page.after_customer)
         and s.auto_renew and not s.cancel_at_period_end and s.collection in ('free', 'complimentary')
         and s.customer_id <> all (p_page.aside)
       order by s.current_period_end, s.customer_id limit p_page.size) d;
  if v_customers is null then return; end if;
  last_due := v_dues[cardinality(v_dues)];
  last_customer := v_customers[cardinality(v_customers)];
  v_customers := subctl_internal.lock_free_subscriptions(v_customers);
  with due as (
    select s.customer_id, s.id, s.current_period_end as starts, s.anchor, s.every, s.anchor_timezone
      from subctl.subscriptions s
     where s.customer_id = any (v_customers) and s.status = 'active' and s.current_period_end <= p_page.as_of
       and s.auto_renew and not s.cancel_at_period_end and s.collection in ('free', 'complimentary')
       and s.complimentary_periods = 0
       and num_nonnulls(s.pending_plan_id, s.pending_at, s.pending_quantity, s.ends_at, s.cut_from) = 0
  ), next as materialized (
    select d.customer_id, d.id, d.starts,
           coalesce(n.ends, case when lower(p.period) = d.starts then upper(p.period) end) as ends
      from due d
      left join lateral subctl_internal.months_period_end(d.anchor, d.every, d.starts, d.anchor_timezone) n on true
     cross join lateral (
       select case when n.ends is null
                   then subctl_internal.period_at(d.anchor, d.every, d.starts, d.anchor_timezone) end
                     as period offset 0) p
  ), renewed as (
    update subctl.subscriptions s
       set current_period_start = n.starts, current_period_end = n.ends, usage_reset_at = n.starts,
           epoch = s.epoch + 1, change_id = p_page.change_id
      from next n
     where s.customer_id = n.customer_id and s.id = n.id and n.ends is not null   -- else the rhythm changes
    returning s.customer_id, s.id, s.current_period_start, s.current_period_end, s.collection, s.currency
  ), written as (
    insert into subctl.renewals (customer_id, subscription_id, period_start, attempt, period_end, at, outcome,
                                 collection, currency, change_id)
    select r.customer_id, r.id, r.current_period_start, 1, r.current_period_end, p_page.as_of, 'renewed',
           r.collection, r.currency, p_page.change_id
      from renewed r
    on conflict do nothing
  )
  select (select count(*) from renewed), array(select n.customer_id from next n where n.ends is null)
    into done, left_over;
end $$;
