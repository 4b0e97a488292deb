-- Checks each event by itself and against what it names. A reversal stands beside the event that it reverses, once,
-- with the negated amounts.
create or replace view subctl.integrity_events as
select e.customer_id, 'instant of event ' || e.id as subject,
       subctl_internal.iso(to_timestamp(subctl_internal.uuid7_ms(e.id) / 1000.0)) as expected,
       subctl_internal.iso(e.at) as found
  from subctl.usage_events e where subctl_internal.uuid7_ms(e.id) <> floor(extract(epoch from e.at) * 1000)
union all
select e.customer_id, 'events with id ' || e.id, '1', count(*)::text from subctl.usage_events e
 group by e.customer_id, e.id having count(*) > 1
union all
select e.customer_id, 'plan of event ' || e.id, 'a plan version', concat_ws(' ', e.plan_id, e.version)
  from subctl.usage_events e
 where e.plan_id is not null and not exists (select 1 from subctl.plan_versions v
                                              where v.plan_id = e.plan_id and v.version = e.version)
union all
select e.customer_id, 'subscription of event ' || e.id, 'one of the customer', e.subscription_id::text
  from subctl.usage_events e
 where e.subscription_id is not null
   and not exists (select 1 from subctl.subscriptions s
                    where s.customer_id = e.customer_id and s.id = e.subscription_id)
union all
select e.customer_id, 'answer of event ' || e.id, '3 numbers and 5 a limit', cardinality(e.result)::text
  from subctl.usage_events e where e.result is not null and (cardinality(e.result) < 3
                                                             or (cardinality(e.result) - 3) % 5 <> 0)
union all
select e.customer_id, 'what others held at event ' || e.id, '1 number and 1 a limit', cardinality(e.held)::text
  from subctl.usage_events e where cardinality(e.held) <> (cardinality(e.result) - 3) / 5 + 1
union all
select e.customer_id, 'quantity of event ' || e.id, '0 or more', e.quantity::text
  from subctl.usage_events e where e.reverses is null and not (e.quantity >= 0 and coalesce(e.input_tokens, 0) >= 0
                                                               and coalesce(e.output_tokens, 0) >= 0
                                                               and coalesce(e.cost, 0) >= 0)
union all
select e.customer_id, 'tier of event ' || e.id, 'free or paid', e.tier from subctl.usage_events e
 where e.tier not in ('free', 'paid')
union all
select e.customer_id, 'instant of event ' || e.id, 'at most 5 minutes after ' || subctl_internal.iso(e.recorded_at),
       subctl_internal.iso(e.at)
  from subctl.usage_events e where e.at > e.recorded_at + interval '5 minutes'
union all
select r.customer_id, 'event that ' || r.id || ' takes back',
       'event ' || r.reverses || ' of ' || trim_scale(-r.quantity) || ', once',
       case when e.id is null then 'none' when r.times > 1 then r.times || ' times'
            else 'one of ' || trim_scale(e.quantity) end
  from (select x.*, count(*) over (partition by x.customer_id, x.reverses) as times from subctl.usage_events x
         where x.reverses is not null) r
  left join subctl.usage_events e on e.customer_id = r.customer_id and e.at = r.at and e.id = r.reverses
   and e.reverses is null
 where e.id is null or r.times > 1
    or (r.kind, -r.quantity, -r.tokens, -r.cost) is distinct from (e.kind, e.quantity, e.tokens, e.cost)
    or -coalesce(r.credits, 0) > coalesce(e.credits, 0);
comment on view subctl.integrity_events is
  'R14, R44: Every event exists once, at the instant in its id, with a plan and a subscription that exist and a '
  'complete answer';
