-- Lists the open windows of customer_windows, one row each. `personal` windows follow the subscription, the others the
-- calendar. `next_end` is the earliest end among a customer's windows; it is indexed, so filter by it first.
create or replace view subctl.open_slots as
select s.customer_id, w.meter_id, w."window", w.scope, ''::text as subject, o.window_start, o.window_end, o.used,
       o.refused, w."window" ~ '^(period|term|every_)' as personal, s.next_end
  from subctl.customer_windows s
  join subctl.usage_totals t on t.customer_id = s.customer_id
 cross join lateral unnest(s.ids, s.starts, s.ends, t.used, s.refused) o(id, window_start, window_end, used, refused)
  join subctl.meter_windows w on w.id = o.id;
