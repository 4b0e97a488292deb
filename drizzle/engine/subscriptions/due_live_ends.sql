-- Lists running subscriptions that end at their period's or term's end, `due_at`: cancellations, and subscriptions and
-- trials that do not renew. Excluded are renewals (handle-renewals), subscriptions that Stripe owns, and those with an
-- invoice unpaid before the end, which become past due first.
create or replace view subctl.due_live_ends as
select s.customer_id, s.id as subscription_id,
       case when s.cancel_at_period_end then 'cancel' else 'expire' end as action,
       case when s.cancel_at_period_end then 'canceled at the end of its period'
            when s.status = 'trialing' then 'the trial of ' || s.plan_id || ' is over and does not renew'
            when s.ends_at = s.current_period_end then 'the term of ' || s.plan_id || ' is over'
            else s.plan_id || ' has ended and does not renew' end as reason, s.current_period_end as due_at
  from subctl.subscriptions s
 where s.status in ('trialing', 'active')
   and (s.cancel_at_period_end or not s.auto_renew or s.ends_at = s.current_period_end) and s.collection <> 'stripe'
   and (s.collection <> 'invoice' or not exists (
     select 1 from subctl.invoices i
      where i.customer_id = s.customer_id and i.subscription_id = s.id and i.status = 'open'
        and i.due_at < s.current_period_end));
