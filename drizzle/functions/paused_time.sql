-- How long a subscription's clock stood still between two instants, as a difference of wall-clock times of a zone:
-- whole days stay whole days where clocks change. A pause whose clock ran is none. One that nobody ended yet lasts
-- until it resumes by itself.
create or replace function subctl.paused_time(
  customer text, subscription uuid, from_at timestamptz, until timestamptz, tz text) returns interval
language sql stable as $$
  select coalesce(sum((least(p.until, $4) at time zone $5) - (greatest(p.from_at, $3) at time zone $5)), interval '0')
    from (select g.from_at, g.pause_clock,
                 coalesce(lead(g.from_at) over (order by g.from_at),
                          case when s.status = 'paused' then s.resumes_at end, 'infinity') as until
            from subctl.subscription_segments g
            join subctl.subscriptions s on s.customer_id = g.customer_id and s.id = g.subscription_id
           where g.customer_id = $1 and g.subscription_id = $2) p
   where p.pause_clock = 'stops' and p.from_at < $4 and p.until > $3
$$;
