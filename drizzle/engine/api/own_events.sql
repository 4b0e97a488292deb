-- Lists the uses of the customer to which the session is bound. No rows for a session that is not bound.
create or replace view subctl.own_events with (security_barrier) as
select t.customer_id, t.at, t.id, t.recorded_at, t.kind, t.quantity, t.provider, t.model, t.tier, t.input_tokens,
       t.output_tokens, t.cached_tokens, t.tokens, t.units, t.estimated, t.cost, t.unpriced, t.credits, t.member_id,
       t.status, t.latency_ms, t.endpoint, t.already_spent, t.subscription_id, t.plan_id, t.version, t.reverses
  from subctl.usage_events t
 where t.customer_id = (select subctl.bound_customer());
