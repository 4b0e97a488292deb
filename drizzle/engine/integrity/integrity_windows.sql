-- Compares what each window has counted, late adjustments included, with its events (recounted_windows).
create or replace view subctl.integrity_windows as
select r.customer_id, concat_ws(' ', r.meter_id, r."window", nullif(r.subject, ''), 'from',
         case when isfinite(r.window_start) then subctl_internal.iso(r.window_start)
           else 'the beginning' end) as subject,
       trim_scale(r.counted)::text as expected, trim_scale(r.used)::text as found
  from subctl.recounted_windows r
 where r.used <> r.counted;
comment on view subctl.integrity_windows is
  'R1, R13: Every window has counted what the events in it say, as far as all of them are kept';
