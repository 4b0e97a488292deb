-- Returns when a payment is tried again after its declines-th decline; the first decline was at first_at. The default
-- is 1, 3, 5 and 7 days later (setting dunning_days), at the beginning of that hour, so that a daily task at a fixed
-- hour finds it. Null means never.
create or replace function subctl_internal.dunning_day(first_at timestamptz, declines int) returns timestamptz
language sql stable parallel safe as $$
  select date_trunc('hour', $1, 'UTC')
         + make_interval(hours => 24
                         * (coalesce(subctl_internal.setting('dunning_days')::jsonb, '[1, 3, 5, 7]') ->> ($2 - 1))::int)
$$;
