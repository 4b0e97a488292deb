-- Lists windows that an event counted in and that have no row; the answer kept with each event names its windows.
-- starts and ends are seconds, as the newest of those events saw them; restarts says whether resets cut them. Reversed
-- uses, and uses that the meter does not count, leave no row (R1).
create or replace view subctl.lost_windows as
with named as (
  select distinct on (1, 2, 3, 4) e.customer_id, w.id, g.starts,
         case when w."window" = 'session' then e.session_id when w.scope = 'member' then e.member_id
              else '' end as subject,
         g.ends, w.meter_id, w."window", w.scope,
         m.tier is distinct from 'free' and w."window" !~ '^(lifetime|each|session|rolling_)' as restarts
    from subctl.usage_events e
   cross join lateral subctl_internal.event_limits(e.result) g
    join subctl.meter_windows w on w.id = g.window_id
    join subctl.meters m on m.id = w.meter_id
   where w."window" <> 'each' and w."window" not like 'rolling%' and g.starts is not null
     and e.at >= (select subctl_internal.events_kept_from())
     -- reversed uses, and uses that the meter does not count, leave no row
     and not exists (select 1 from subctl.usage_events x
                      where x.customer_id = e.customer_id and x.at = e.at and x.reverses = e.id)
     and case when m.aggregation = 'count' then 1 when e.kind = m.id or m.field = 'quantity' then e.quantity
              when m.field = 'cost' then e.cost
              when m.field = 'tokens' then e.tokens when m.field = 'input' then e.input_tokens
              when m.field = 'output' then e.output_tokens
              else (e.units->>m.field)::numeric end > 0
   order by 1, 2, 3, 4, e.recorded_at desc, e.id desc
)
select n.customer_id, n.meter_id, n."window", n.scope, n.subject, n.starts, n.ends, n.restarts
  from named n
 where not exists (select 1 from subctl.window_usage r
                    where r.customer_id = n.customer_id and r.meter_id = n.meter_id and r."window" = n."window"
                      and r.scope = n.scope
                      and r.subject = n.subject and extract(epoch from r.window_start) = n.starts);
