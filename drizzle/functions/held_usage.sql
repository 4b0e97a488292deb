-- How much live reservations hold of a meter in [from_at, to_at): the sum of live_holds.
create or replace function subctl.held_usage(
  customer text, meter text, member text, session text, from_at timestamptz, to_at timestamptz, as_of timestamptz) returns numeric
language sql stable as $$
  select coalesce(sum(h.amount), 0) from subctl.live_holds($1, $2, $3, $4, $5, $6, $7) h
$$;
