-- Returns the standing of a customer who never had a subscription: on the default plan from the first of the calendar
-- month (R19), whose periods follow the customer's zone as calendar windows do (R4); without a default plan there is
-- no access.
create or replace function subctl_internal.stand_without_subscription(standing subctl.effective_standing)
returns subctl.effective_standing
language plpgsql stable set search_path = pg_catalog, subctl, pg_temp as $$
begin
  select p.id, p.current_version into standing.plan_id, standing.version from subctl.plans p where p.is_default;
  if standing.plan_id is null then
    standing.reason := 'no_subscription';
    return standing;
  end if;
  standing.basis := 'default';
  standing.access := true;
  standing.every := '1mo';
  standing.anchor_timezone := standing.timezone;
  standing.anchor := subctl_internal.local_first('2000-01-01'::timestamp, standing.timezone);
  standing.auto_renew := true;
  standing.collection := 'free';
  standing.epoch := 0;
  standing.usage_from := '-infinity';
  return standing;
end $$;
