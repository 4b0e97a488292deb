-- Returns how long a subscription's clock was stopped between two instants, as a difference of wall-clock times of
-- p_zone. Whole days remain whole days across clock changes.
create or replace function subctl_internal.paused_time(
  p_customer text, p_subscription uuid, p_from_at timestamptz, p_until timestamptz, p_zone text) returns interval
language sql stable as $$
  select coalesce(sum((least(p.until, p_until) at time zone p_zone)
                      - (greatest(p.from_at, p_from_at) at time zone p_zone)), interval '0')
    from subctl_internal.pauses_of(p_customer, p_subscription) p
   where p.from_at < p_until and p.until > p_from_at
$$;
