-- Returns the instant from which all usage events are kept: earlier usage cannot be counted again. It is -infinity
-- until prune has removed a month.
create or replace function subctl_internal.events_kept_from() returns timestamptz
  language sql stable as $$
  select coalesce(subctl_internal.setting('events_from')::timestamptz, '-infinity')
$$;
