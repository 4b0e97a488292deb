-- Lists the months of events with valid sums: in the present timezone, with the partition attached, its trigger on it
-- (mark_late_use), and no mark of a later write.
create or replace view subctl.summed_months as
select s.month, s.from_at, s.to_at
  from subctl.usage_sums s
 where s.timezone = coalesce(subctl_internal.setting('timezone'), 'UTC')
   and not exists (select 1 from subctl.usage_late_marks k where k.month = s.month)
   and exists (select 1 from pg_catalog.pg_class c
                 join pg_catalog.pg_inherits i on i.inhrelid = c.oid
                 join pg_catalog.pg_trigger t on t.tgrelid = c.oid and t.tgname = 'mark_late_uses'
                where c.relnamespace = 'subctl'::regnamespace
                  and c.relname = 'usage_events_' || to_char(s.month, 'YYYY_MM'));
