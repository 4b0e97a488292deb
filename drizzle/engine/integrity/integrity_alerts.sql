-- Lists alerts below their threshold, and alerts whose event is missing or used another amount.
create or replace view subctl.integrity_alerts as
select a.customer_id, concat_ws(' ', 'alert at', trim_scale(a.threshold) || '% of', a.meter_id,
                                a."window") as subject,
       'at least ' || trim_scale(a.limit_value * a.threshold / 100) as expected, trim_scale(a.used)::text as found
  from subctl.alerts a where a.used * 100 < a.limit_value * a.threshold
union all
select a.customer_id, concat_ws(' ', 'alert at', trim_scale(a.threshold) || '% of', a.meter_id, a."window"),
       'an event that used ' || trim_scale(a.used) || ' of ' || trim_scale(a.limit_value),
       case when e.id is null then 'no event' else 'another use' end
  from subctl.alerts a
  left join subctl.usage_events e on e.customer_id = a.customer_id and e.at = a.at and e.id = a.event_id
 where a.event_id is not null and a.at >= (select subctl_internal.events_kept_from())
   and not exists (select 1 from subctl_internal.event_limits(e.result) l
       join subctl.meter_windows w on w.id = l.window_id and w.meter_id = a.meter_id and w."window" = a."window"
        and w.scope = a.scope
      where l.used = a.used and l.limit_value = a.limit_value);
comment on view subctl.integrity_alerts is
  'R39: Every alert was reached: the usage of its event confirms it exactly';
