-- The instant at which reservations that end by their dates have let go of `excess`; null when all of them together hold less.
create or replace function subctl.holds_free(
  customer text, meter text, member text, session text, from_at timestamptz, to_at timestamptz, as_of timestamptz, excess numeric) returns timestamptz
language sql stable as $$
  select min(h.expires_at)
    from (select x.expires_at, sum(x.amount) over (order by x.expires_at) as freed
            from subctl.live_holds($1, $2, $3, $4, $5, $6, $7) x) h
   where h.freed >= $8
$$;
