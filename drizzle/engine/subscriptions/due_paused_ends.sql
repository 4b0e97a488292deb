-- Lists paused subscriptions with a running clock that end at their period's or term's end, `due_at`, before their
-- pause does.
create or replace view subctl.due_paused_ends as
select s.customer_id, s.id as subscription_id,
       case when s.cancel_at_period_end then 'cancel' else 'expire' end as action,
       s.plan_id || ' has ended while it was paused' as reason, l.last as due_at
  from subctl.subscriptions s
 cross join lateral (select case when s.cancel_at_period_end or not s.auto_renew then s.current_period_end
                                 else s.ends_at end as last) l
 where s.status = 'paused' and s.collection <> 'stripe' and s.pause_clock = 'runs' and l.last is not null
   and (s.resumes_at is null or l.last <= s.resumes_at);
