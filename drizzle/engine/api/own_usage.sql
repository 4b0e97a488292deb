-- Lists every window that counts for the customer to which the session is bound: window_usage. No rows for a session
-- that is not bound.
create or replace view subctl.own_usage with (security_barrier) as
select t.customer_id, t.meter_id, t."window", t.scope, t.subject, t.window_start, t.window_end, t.used, t.refused,
       t.limit_value, t.closed_at, t.adjusted
  from subctl.window_usage t
 where t.customer_id = (select subctl.bound_customer());
