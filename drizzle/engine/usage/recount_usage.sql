-- Counts from the events what a customer, one member or one session of it, used of a meter in [from_at, to_at).
-- Members and sessions have their indexes, so no other events are read. Plans are cached: events are partitioned, and
-- planning costs more than reading.
create or replace function subctl_internal.recount_usage(
  customer text, meter text, member text, session text, from_at timestamptz, to_at timestamptz) returns numeric
language plpgsql stable set search_path = pg_catalog, subctl, pg_temp set plan_cache_mode = force_generic_plan as $$
begin
  if session is not null then
    return (select coalesce(sum(e.amount), 0) from subctl_internal.events_on_meter(meter, from_at, to_at) e
             where e.customer_id = customer and e.session_id = session);
  elsif member is not null then
    return (select coalesce(sum(e.amount), 0) from subctl_internal.events_on_meter(meter, from_at, to_at) e
             where e.customer_id = customer and e.member_id = member);
  end if;
  return (select coalesce(sum(e.amount), 0) from subctl_internal.events_on_meter(meter, from_at, to_at) e
           where e.customer_id = customer);
end $$;
