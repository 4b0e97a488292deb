-- Lists pauses that end automatically, at `due_at`. If the clock runs and the subscription ends before, check-expired
-- handles it.
create or replace view subctl.due_resumptions as
select s.customer_id, s.id as subscription_id, 'resume'::text as action,
       'the pause of ' || s.plan_id || ' is over' as reason, s.resumes_at as due_at
  from subctl.subscriptions s
 where s.status = 'paused' and s.resumes_at is not null
   and not coalesce(s.pause_clock = 'runs'
     and case when s.cancel_at_period_end or not s.auto_renew then s.current_period_end
              else s.ends_at end <= s.resumes_at, false);
