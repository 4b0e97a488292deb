-- Lists windows without a row (lost_windows), windows that overlap the next (overlapping_windows), and windows that
-- end before they start.
create or replace view subctl.integrity_window_rows as
select l.customer_id, concat_ws(' ', l.meter_id, l."window", nullif(l.subject, '')) as subject,
       'a window from ' || case when l.starts > '-Infinity' then subctl_internal.iso(to_timestamp(l.starts::float8))
                                else 'the beginning' end as expected,
       'none' as found
  from subctl.lost_windows l
union all
select o.customer_id, concat_ws(' ', o.meter_id, o."window", nullif(o.subject, '')),
       'a start at or after ' || subctl_internal.iso(o.window_end), subctl_internal.iso(o.next_start)
  from subctl.overlapping_windows o
union all
select c.customer_id, concat_ws(' ', c.meter_id, c."window", nullif(c.subject, '')),
       'a start before ' || subctl_internal.iso(c.window_end), subctl_internal.iso(c.window_start)
  from subctl.usage_counters c where c.window_start >= c.window_end;
comment on view subctl.integrity_window_rows is
  'R1: Every window that an event counted in has a row, and no two windows of one limit overlap';
