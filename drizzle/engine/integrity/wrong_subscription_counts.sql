-- Lists plans whose count of live subscriptions is wrong: live counted from subscriptions, counted from the rows that
-- writers add.
create or replace view subctl.wrong_subscription_counts as
select plan_id, coalesce(s.live, 0) as live, coalesce(c.counted, 0) as counted
  from (select plan_id, count(*) as live from subctl.subscriptions
         where status in ('trialing', 'active', 'past_due', 'paused') group by 1) s
  full join (select plan_id, sum(subscriptions) as counted from subctl.subscription_counts
              group by 1) c using (plan_id)
 where coalesce(s.live, 0) <> coalesce(c.counted, 0);
