-- Lists every open window with counts, from both tables that hold them.
create or replace view subctl.open_windows as
select s.customer_id, s.meter_id, s."window", s.scope, s.subject, s.window_start, s.window_end, s.used, s.refused,
       s.personal from subctl.open_slots s
union all
select r.customer_id, r.meter_id, r."window", r.scope, r.subject, r.window_start, r.window_end, r.used, r.refused,
       r.personal from subctl.open_rows r;
