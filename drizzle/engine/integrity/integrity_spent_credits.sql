-- Compares events with the ledger entries that name them, uses less reversals. Events that are no longer kept are left
-- out.
create or replace view subctl.integrity_spent_credits as
with spent as (
  select customer_id, event_id, -sum(amount) as amount from subctl.credit_entries
   where event_id is not null and kind in ('use', 'reversal') group by 1, 2
), used as (
  select customer_id, id, at, credits from subctl.usage_events
)
select u.customer_id, 'credits of event ' || u.id as subject, trim_scale(coalesce(u.credits, 0))::text as expected,
       trim_scale(coalesce(s.amount, 0))::text as found
  from used u
  left join spent s on s.customer_id = u.customer_id and s.event_id = u.id
 where coalesce(u.credits, 0) <> coalesce(s.amount, 0)
union all
select s.customer_id, 'event ' || s.event_id || ' of the ledger', 'an event', 'none'
  from spent s
 where not exists (select 1 from used u where u.customer_id = s.customer_id and u.id = s.event_id)
   and to_timestamp(subctl_internal.uuid7_ms(s.event_id) / 1000.0) >= (select subctl_internal.events_kept_from());
comment on view subctl.integrity_spent_credits is
  'R21: The credits that each event says it cost are what the ledger took for it';
