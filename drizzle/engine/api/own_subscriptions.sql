-- Lists the subscriptions of the customer to which the session is bound. No rows for a session that is not bound.
create or replace view subctl.own_subscriptions with (security_barrier) as
select t.customer_id, t.id, t.status, t.plan_id, t.version, t.every, t.currency, t.price, t.quantity, t.collection,
       t.started_at, t.current_period_start, t.current_period_end, t.trial_end, t.ends_at, t.auto_renew,
       t.cancel_at_period_end, t.canceled_at, t.ended_at, t.past_due_since, t.grace_until, t.paused_at, t.resumes_at
  from subctl.subscriptions t
 where t.customer_id = (select subctl.bound_customer());
