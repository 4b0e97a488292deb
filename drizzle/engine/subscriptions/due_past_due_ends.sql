-- Lists past due subscriptions that end at their period's or term's end, `due_at`, before their grace period does.
create or replace view subctl.due_past_due_ends as
select s.customer_id, s.id as subscription_id,
       case when s.cancel_at_period_end then 'cancel' else 'expire' end as action,
       s.plan_id || ' has ended while it was past due' as reason, s.current_period_end as due_at
  from subctl.subscriptions s
 where s.status = 'past_due' and (s.cancel_at_period_end or not s.auto_renew or s.ends_at = s.current_period_end)
   and s.collection <> 'stripe' and s.current_period_end <= s.grace_until;
