-- Paused subscriptions whose clock runs and which end at their period's end, `due_at`, before their pause does.
create or replace view subctl.ending_paused as
select s.customer_id, s.id as subscription_id, case when s.cancel_at_period_end then 'cancel' else 'expire' end as action,
       s.plan_id || ' has ended while it was paused' as reason, s.current_period_end as due_at
  from subctl.subscriptions s
 where s.status = 'paused' and s.pause_clock = 'runs' and (s.cancel_at_period_end or not s.auto_renew)
   and (s.resumes_at is null or s.current_period_end <= s.resumes_at);
