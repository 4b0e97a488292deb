-- Lists the thresholds that the customer to which the session is bound has reached. No rows for a session that is not
-- bound.
create or replace view subctl.own_alerts with (security_barrier) as
select t.customer_id, t.meter_id, t."window", t.scope, t.subject, t.window_start, t.threshold, t.limit_value, t.used,
       t.at, t.event_id, t.read_at
  from subctl.alerts t
 where t.customer_id = (select subctl.bound_customer());
