-- Lists adjustments whose window is missing or open, or whose event lies outside of the window or does not exist.
-- Events that are no longer kept are left out.
create or replace view subctl.integrity_adjustments as
select a.customer_id, 'window of the adjustment ' || a.id as subject,
       concat_ws(' ', 'a closed', a.meter_id, a."window") as expected,
       case when c.customer_id is null then 'none' else 'an open one' end as found
  from subctl.usage_adjustments a
  left join subctl.usage_counters c on c.customer_id = a.customer_id and c.meter_id = a.meter_id
   and c."window" = a."window" and c.scope = a.scope
                                   and c.subject = a.subject and c.window_start = a.window_start
 where c.closed_at is null
union all
select a.customer_id, 'event of the adjustment ' || a.id, 'inside its window', subctl_internal.iso(a.event_at)
  from subctl.usage_adjustments a
  join subctl.usage_counters c on c.customer_id = a.customer_id and c.meter_id = a.meter_id
   and c."window" = a."window" and c.scope = a.scope
                              and c.subject = a.subject and c.window_start = a.window_start
 where a.event_at < c.window_start or a.event_at >= c.window_end
union all
select a.customer_id, 'event of the adjustment ' || a.id, 'event ' || a.event_id, 'none'
  from subctl.usage_adjustments a
 where a.event_id is not null and a.event_at >= (select subctl_internal.events_kept_from())
   and not exists (select 1 from subctl.usage_events e
                    where e.customer_id = a.customer_id and e.at = a.event_at and e.id = a.event_id);
comment on view subctl.integrity_adjustments is
  'R13: Late usage of a closed window names that window, and an event inside it';
