-- How long a subscription's clock stood still between two instants, as a difference of wall-clock times of a zone:
-- whole days stay whole days where clocks change.
create or replace function subctl.paused_time(
  customer text, subscription uuid, from_at timestamptz, until timestamptz, tz text) returns interval
language sql stable as $$
  select coalesce(sum((least(p.until, $4) at time zone $5) - (greatest(p.from_at, $3) at time zone $5)), interval '0')
    from subctl.pauses_of($1, $2) p
   where p.from_at < $4 and p.until > $3
$$;
