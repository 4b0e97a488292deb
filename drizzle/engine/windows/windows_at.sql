-- Lists the open windows with counts of all customers at an instant: those that contain it and were not ended by a
-- reset since. Rolling windows have no rows.
create or replace function subctl_internal.windows_at(as_of timestamptz)
returns table (customer_id text, meter_id text, win text, scope text, subject text, window_start timestamptz,
               window_end timestamptz, used numeric, refused numeric)
language sql stable as $$
  select w.customer_id, w.meter_id, w."window", w.scope, w.subject, w.window_start, w.window_end, w.used, w.refused
    from subctl.window_usage w
    join subctl.meters m on m.id = w.meter_id
    left join subctl.subscriptions s on s.customer_id = w.customer_id
     and s.status in ('trialing', 'active', 'past_due', 'paused')
   where w.closed_at is null and w.window_start <= $1 and w.window_end > $1
     and (s.usage_reset_at is null or s.usage_reset_at > $1 or w.window_start >= s.usage_reset_at or m.tier = 'free'
          or w."window" in ('lifetime', 'each', 'session') or w."window" = 'term' and s.ends_at is not null
          or w."window" like 'rolling%')
$$;
