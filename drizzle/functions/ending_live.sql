-- Subscriptions that run and end at their period's end, `due_at`: cancellations, and subscriptions and trials that do not renew. What renews
-- is left to handle-renewals, and what Stripe owns to Stripe.
create or replace view subctl.ending_live as
select s.customer_id, s.id as subscription_id, case when s.cancel_at_period_end then 'cancel' else 'expire' end as action,
       case when s.cancel_at_period_end then 'canceled at the end of its period'
            when s.status = 'trialing' then 'the trial of ' || s.plan_id || ' is over and does not renew'
            else s.plan_id || ' has ended and does not renew' end as reason, s.current_period_end as due_at
  from subctl.subscriptions s
 where s.status in ('trialing', 'active') and (s.cancel_at_period_end or not s.auto_renew) and s.collection <> 'stripe';
