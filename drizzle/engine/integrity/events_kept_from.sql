-- Returns the instant from which all usage events are kept: earlier usage cannot be counted again. It is -infinity
-- until prune has removed a month.
create or replace function subctl.events_kept_from() returns timestamptz
  language sql stable as $$
  select coalesce(subctl.setting('events_from')::timestamptz, '-infinity')
$$;
