-- What the events say that a customer used of a meter in [from_at, to_at).
create or replace function subctl.recount_usage(customer text, meter text, member text, from_at timestamptz, to_at timestamptz) returns numeric
language sql stable as $$
  select coalesce(sum(e.amount), 0) from subctl.metered_events($1, $2, $3, $4, $5) e
$$;
