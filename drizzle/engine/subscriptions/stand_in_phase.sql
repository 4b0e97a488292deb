-- Returns the standing of a customer in the past of a subscription, before its row: by the phase of that time.
-- `period_start` and `period_end` are the written period.
create or replace function subctl_internal.stand_in_phase(
  head subctl.subscriptions, dates subctl.subscription_dates, standing subctl.effective_standing, as_of timestamptz)
returns subctl.effective_standing
language plpgsql stable set search_path = pg_catalog, subctl, pg_temp as $$
declare
  segment subctl.subscription_phases;
begin
  standing := subctl_internal.copy_subscription(head, dates, standing);
  select g.* into segment from subctl.subscription_phases g
   where g.customer_id = head.customer_id and g.subscription_id = head.id and g.from_at <= as_of
   order by g.from_at desc limit 1;
  if found then
    standing.period_start := segment.period_start;
    standing.period_end := segment.period_end;
    if segment.clock_stops then
      standing.period_end := subctl_internal.shift_instant(standing.period_end, segment.from_at, as_of);
    end if;
    standing.plan_id := segment.plan_id;
    standing.version := segment.version;
    standing.status := segment.status;
    standing.every := segment.every;
    standing.anchor := segment.anchor;
    standing.anchor_timezone := segment.anchor_timezone;
    standing.since := segment.from_at;
  end if;
  standing.ends_at := dates.ended_at;
  return standing;
end $$;
