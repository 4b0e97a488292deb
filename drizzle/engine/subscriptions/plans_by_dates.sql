-- Returns the plan of each customer whose live subscription gives it by its dates: valid from `since` until `until`,
-- whatever the tasks have not written yet. Past due and paused subscriptions are not included.
create or replace view subctl.plans_by_dates as
select s.customer_id, s.plan_id, s.version, s.from_at as since,
       least(case when not s.auto_renew or s.cancel_at_period_end or num_nonnulls(s.pending_plan_id, s.ends_at) > 0
                  then s.current_period_end else 'infinity' end,
             case when s.collection = 'invoice' then (
               select min(i.due_at) from subctl.invoices i
                where i.customer_id = s.customer_id and i.subscription_id = s.id and i.status = 'open') end) as until
  from subctl.subscriptions s
 where s.status in ('trialing', 'active');
