-- Windows with counts that nobody has closed yet, from both places where they live. `personal` windows follow the subscription, the
-- others the calendar. `next_end` is the soonest end of the row that holds the window: ask for it first, it is indexed.
create or replace view subctl.open_windows as
select s.customer_id, w.meter_id, w."window", w.scope, ''::text as subject, o.window_start, o.window_end, o.used, o.refused,
       w."window" ~ '^(period|term|every_)' as personal, s.next_end
  from subctl.usage_state s
 cross join lateral unnest(s.ids, s.starts, s.ends, s.used, s.refused) o(id, window_start, window_end, used, refused)
  join subctl.meter_windows w on w.id = o.id
union all
select c.customer_id, c.meter_id, c."window", c.scope, c.subject, c.window_start, c.window_end, 0, 0,
       c."window" ~ '^(period|term|every_)', c.window_end
  from subctl.usage_counters c
 where c.closed_at is null;
