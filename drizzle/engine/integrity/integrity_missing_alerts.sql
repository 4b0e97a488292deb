-- Finds the thresholds that each event reached while its window was open, and lists those without an alert. Rolling
-- windows and limits on single uses raise no alerts of this kind.
create or replace view subctl.integrity_missing_alerts as
with reached as (
  select e.customer_id, e.at, e.id, w.meter_id, w."window", w.scope, w.id as meter_window, t.threshold, g.used,
         g.limit_value as lim, g.starts,
         case when w."window" = 'session' then e.session_id when w.scope = 'member' then e.member_id
              else '' end as subject
    from subctl.usage_events e
    join subctl.plan_versions v on v.plan_id = e.plan_id and v.version = e.version
   cross join lateral subctl_internal.event_limits(e.result) g
    join subctl.meter_windows w on w.id = g.window_id and w."window" <> 'each' and w."window" not like 'rolling%'
   cross join lateral unnest(v.alert_thresholds) t(threshold)
   where g.limit_value > 0 and g.used * 100 >= g.limit_value * t.threshold
     and g.ends > extract(epoch from e.recorded_at)
)
select r.customer_id, concat_ws(' ', 'alert at', trim_scale(r.threshold) || '% of', r.meter_id,
                                r."window") as subject,
       'for ' || trim_scale(r.used) || ' of ' || trim_scale(r.lim) as expected, 'none' as found
  from reached r
 where not exists (select 1 from subctl.alerts a
                    where a.customer_id = r.customer_id and a.meter_id = r.meter_id and a."window" = r."window"
                      and a.scope = r.scope
                      and a.subject = r.subject and extract(epoch from a.window_start) = r.starts
                      and a.threshold = r.threshold and a.limit_value = r.lim)
   -- an event that the meter does not count says nothing
   and exists (select 1 from subctl_internal.metered_events(r.customer_id, r.meter_id, null, r.at,
                                                            r.at + interval '1 microsecond') m where m.id = r.id
                                                              and m.amount > 0);
comment on view subctl.integrity_missing_alerts is
  'R39: Every use that reached a threshold has its alert';
