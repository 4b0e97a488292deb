-- Lists the windows of usage_counters that are not closed, with the columns of open_slots.
create or replace view subctl.open_rows as
select c.customer_id, c.meter_id, c."window", c.scope, c.subject, c.window_start, c.window_end, c.used, c.refused,
       c."window" ~ '^(period|term|every_)' as personal
  from subctl.usage_counters c
 where c.closed_at is null;
