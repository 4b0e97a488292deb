-- Lists subscriptions whose grace period after a failed payment is over at `due_at`, before any other end that they
-- have.
create or replace view subctl.due_unpaid_ends as
select s.customer_id, s.id as subscription_id, 'expire'::text as action,
       s.plan_id || ' is unpaid since ' || subctl_internal.iso(s.past_due_since) || ' and its grace is over' as reason,
       s.grace_until as due_at
  from subctl.subscriptions s
 where s.status = 'past_due' and s.collection <> 'stripe'
   and not ((s.cancel_at_period_end or not s.auto_renew or s.ends_at is not distinct from s.current_period_end)
            and s.current_period_end <= s.grace_until);
