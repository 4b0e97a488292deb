-- Merges many rows of subscription_counts into one row a plan. Rows that another transaction holds wait for the next
-- call.
create or replace function subctl_internal.fold_subscription_counts() returns void
language sql volatile as $$
  with gone as (
    delete from subctl.subscription_counts c
     where c.id in (select x.id from subctl.subscription_counts x order by x.id limit 1000 for update skip locked)
    returning c.plan_id, c.subscriptions)
  insert into subctl.subscription_counts (plan_id, subscriptions)
  select g.plan_id, sum(g.subscriptions) from gone g group by g.plan_id having sum(g.subscriptions) <> 0
$$;
