-- Compares each subscription with the newest row of its history: status, plan, interval, anchor and since when.
create or replace view subctl.integrity_subscriptions_and_history as
select s.customer_id, v.subject, v.expected, v.found
  from subctl.subscriptions s
  join (select distinct on (customer_id, subscription_id) * from subctl.subscription_phases
         order by customer_id, subscription_id, from_at desc) g
    on g.customer_id = s.customer_id and g.subscription_id = s.id
 cross join lateral (values
   ('status', g.status, s.status), ('plan', g.plan_id || ' ' || g.version, s.plan_id || ' ' || s.version),
   ('interval', g.every, s.every),
   ('anchor', subctl_internal.iso(g.anchor) || ' ' || g.anchor_timezone, subctl_internal.iso(s.anchor) || ' '
    || s.anchor_timezone),
   ('since', subctl_internal.iso(g.from_at), subctl_internal.iso(s.from_at))) v(subject, expected, found)
 where v.expected is distinct from v.found;
comment on view subctl.integrity_subscriptions_and_history is
  'R29a: The present state of a subscription is that of its newest phase';
