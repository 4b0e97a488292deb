-- Renews a page of the subscriptions that simply go on and cost nothing, in one statement: the oldest due first, each
-- by one period from its anchor (R2, R36), the same rows as renew_in_step writes. Called until `last` is null it has
-- renewed all of them; those that end, change, are billed, pause, were extended or stand in `p_aside` are left to
-- renew_subscriptions. `left_over` are customers of the page that it left: they belong into `p_aside`. `p_after` is
-- `last` of the page before: nothing that is due earlier is looked at again.
-- Locks: the lease of the run (null in `stop`: it is lost, and nothing was written), then the subscriptions; one that
-- is locked is skipped. Neither usage nor credits are locked: what is recorded meanwhile reads the periods by their
-- dates.
create or replace function subctl.renew_page(
  p_as_of timestamptz, p_change text, p_token bigint, p_limit int, p_aside text[], p_after timestamptz,
  out done int, out stop boolean, out last timestamptz, out left_over text[])
language plpgsql volatile set enable_seqscan = off set search_path = pg_catalog, subctl, pg_temp as $$
begin
  done := 0;
  stop := subctl.hold_lease('handle-renewals', p_token);
  if stop is null then return; end if;
  perform subctl.check_write_time(p_as_of);
  with due as materialized (
    select s.customer_id, s.id, s.current_period_end as starts, s.anchor, s.every, s.anchor_timezone
      from subctl.subscriptions s
     where s.status = 'active' and s.current_period_end <= p_as_of and s.current_period_end >= p_after
       and s.auto_renew and not s.cancel_at_period_end and s.collection in ('free', 'complimentary')
       and s.complimentary_periods = 0
       and num_nonnulls(s.pending_plan_id, s.pending_at, s.pending_quantity, s.ends_at, s.cut_from) = 0
       and s.customer_id <> all (p_aside)
     order by s.current_period_end limit p_limit
       for no key update skip locked
  ), next as materialized (
    select d.customer_id, d.id, d.starts, subctl.period_at(d.anchor, d.every, d.starts, d.anchor_timezone) as period
      from due d
  ), renewed as (
    update subctl.subscriptions s
       set current_period_start = n.starts, current_period_end = upper(n.period), usage_reset_at = n.starts,
           epoch = s.epoch + 1, change_id = p_change
      from next n
     where s.customer_id = n.customer_id and s.id = n.id and lower(n.period) = n.starts   -- else the rhythm changes
    returning s.customer_id, s.id, s.current_period_start, s.current_period_end, s.collection, s.currency
  ), written as (
    insert into subctl.renewals (customer_id, subscription_id, period_start, attempt, period_end, at, outcome,
                                 collection, currency, change_id)
    select r.customer_id, r.id, r.current_period_start, 1, r.current_period_end, p_as_of, 'renewed', r.collection,
           r.currency, p_change
      from renewed r
    on conflict do nothing
  )
  select (select count(*) from renewed), (select max(d.starts) from due d),
         array(select n.customer_id from next n where lower(n.period) <> n.starts)
    into done, last, left_over;
end $$;
