-- Returns the standing of a customer that the first use would create: on the default plan, in the calendar month of
-- its zone (R19).
create or replace function subctl_internal.stand_on_default(customer text, standing subctl.usage_standing)
returns subctl.usage_standing
language plpgsql stable set search_path = pg_catalog, subctl, pg_temp as $$
declare
  period tstzrange;
begin
  select p.id, p.current_version into standing.plan_id, standing.version from subctl.plans p where p.is_default;
  standing.anchor_timezone := subctl_internal.zone_of(customer, standing.at);
  standing.anchor := subctl_internal.local_first('2000-01-01', standing.anchor_timezone);
  standing.epoch := 0;
  period := subctl_internal.period_at(standing.anchor, '1mo', standing.at, standing.anchor_timezone);
  standing.period_start := lower(period);
  standing.period_end := upper(period);
  standing.usage_from := standing.period_start;
  return standing;
end $$;
