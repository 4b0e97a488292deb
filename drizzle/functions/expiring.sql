-- Subscriptions that end by their dates, at `due_at`, and why: cancellations that fall due, subscriptions and trials that do not renew,
-- and those whose grace after a failed payment runs out. What renews is left to handle-renewals, and what Stripe owns to Stripe.
create or replace view subctl.expiring as
select s.customer_id, s.id as subscription_id, case when s.cancel_at_period_end then 'cancel' else 'expire' end as action,
       case when s.cancel_at_period_end then 'canceled at the end of its period'
            when s.status = 'trialing' then 'the trial of ' || s.plan_id || ' is over and does not renew'
            else s.plan_id || ' has ended and does not renew' end as reason, s.current_period_end as due_at
  from subctl.subscriptions s
 where s.status in ('trialing', 'active', 'past_due') and s.status <> 'past_due' and (s.cancel_at_period_end or not s.auto_renew) and s.collection <> 'stripe'
union all
select s.customer_id, s.id, 'expire', s.plan_id || ' is unpaid since ' || subctl.iso(s.past_due_since) || ' and its grace is over', s.grace_until
  from subctl.subscriptions s
 where s.status = 'past_due' and s.collection <> 'stripe';
