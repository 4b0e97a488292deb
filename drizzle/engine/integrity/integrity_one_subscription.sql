-- Lists customers with several live subscriptions and subscriptions that overlap the previous one.
create or replace view subctl.integrity_one_subscription as
select customer_id, 'live subscriptions' as subject, '1 at most' as expected, count(*)::text as found
  from subctl.subscriptions where status in ('trialing', 'active', 'past_due', 'paused') group by customer_id
having count(*) > 1
union all
select customer_id, 'start of subscription ' || id, 'not before ' || subctl_internal.iso(before),
       subctl_internal.iso(started_at)
  from (select customer_id, id, started_at,
               lag(ended_at) over (partition by customer_id order by started_at,
                                   ended_at) as before from subctl.subscriptions) s
 where started_at < before;
comment on view subctl.integrity_one_subscription is
  'R1: A customer has at most one live subscription, and none begins before the previous one has ended';
