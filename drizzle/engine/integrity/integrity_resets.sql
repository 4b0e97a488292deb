-- Lists subscriptions whose usage counts from an instant without a start, an end, a period or a reset, ended
-- subscriptions without a reset at their end, and resets of subscriptions that do not exist.
create or replace view subctl.integrity_resets as
select s.customer_id, 'instant from which usage counts' as subject,
       'the start, an end, a period or a reset' as expected, subctl_internal.iso(s.usage_reset_at) as found
  from subctl.subscriptions s
 where s.usage_reset_at not in (s.started_at, s.current_period_start, coalesce(s.ended_at, s.started_at))
   and not exists (select 1 from subctl.usage_resets r
                    where r.customer_id = s.customer_id and r.at = s.usage_reset_at)
   and not exists (select 1 from subctl.renewals r
                    where r.customer_id = s.customer_id and r.subscription_id = s.id
                      and r.period_start = s.usage_reset_at)
union all
select s.customer_id, 'reset at the end of subscription ' || s.id, subctl_internal.iso(s.ended_at), 'none'
  from subctl.subscriptions s
 where s.ended_at is not null and not exists (select 1 from subctl.usage_resets r
                                               where r.customer_id = s.customer_id and r.at = s.ended_at)
union all
select r.customer_id, 'reset at ' || subctl_internal.iso(r.at), 'a subscription ' || r.subscription_id, 'none'
  from subctl.usage_resets r
 where r.subscription_id is not null
   and not exists (select 1 from subctl.subscriptions s
                    where s.customer_id = r.customer_id and s.id = r.subscription_id);
comment on view subctl.integrity_resets is
  'R32: Paid usage counts from an instant that the history has';
