-- When a payment is tried again after its `declines`-th decline, the first at `first_at`: 1, 3, 5 and 7 days after the first unless the setting
-- dunning_days says others, at the beginning of that hour, so that a task that runs at the same hour every day comes to it. Null: never.
create or replace function subctl.dunning_day(first_at timestamptz, declines int) returns timestamptz
language sql stable parallel safe as $$
  select date_trunc('hour', $1, 'UTC') + make_interval(hours => 24 * (coalesce(subctl.setting('dunning_days')::jsonb, '[1, 3, 5, 7]') ->> ($2 - 1))::int)
$$;
