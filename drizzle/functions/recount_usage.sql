-- What the events say that a customer, one member or one session of it, used of a meter in [from_at, to_at). Members and sessions have
-- their indexes: asking for one reads no other's events.
create or replace function subctl.recount_usage(customer text, meter text, member text, session text, from_at timestamptz, to_at timestamptz) returns numeric
language plpgsql stable set search_path = pg_catalog, subctl, pg_temp as $$
begin
  if $4 is not null then
    return (select coalesce(sum(e.amount), 0) from subctl.events_on_meter($2, $5, $6) e where e.customer_id = $1 and e.session_id = $4);
  elsif $3 is not null then
    return (select coalesce(sum(e.amount), 0) from subctl.events_on_meter($2, $5, $6) e where e.customer_id = $1 and e.member_id = $3);
  end if;
  return (select coalesce(sum(e.amount), 0) from subctl.events_on_meter($2, $5, $6) e where e.customer_id = $1);
end $$;
