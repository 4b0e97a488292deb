-- Returns the standing of a customer whose subscription is over since `standing.ends_at`: on the fallback plan of the
-- ended plan, or without a plan. The fallback plan continues the period in which its last run ended (R32), as pauses
-- and extensions moved it; later periods are counted from its end. An unwritten end begins an epoch.
create or replace function subctl_internal.stand_after_end(
  head subctl.subscriptions, standing subctl.effective_standing, as_of timestamptz)
returns subctl.effective_standing
language plpgsql stable set search_path = pg_catalog, subctl, pg_temp as $$
declare
  ended_at timestamptz := standing.ends_at;
  next_plan text;
  before record;
begin
  if standing.status in ('canceled', 'expired') then next_plan := subctl_internal.fallback_plan(standing.plan_id);
  end if;
  standing.since := ended_at;
  if next_plan is null then
    standing.access := false;
    standing.reason := 'no_subscription';
    standing.usage_from := ended_at;
    if head.ended_at is null then standing.epoch := head.epoch + 1; end if;
    return standing;
  end if;
  select p.id, p.current_version into standing.plan_id, standing.version from subctl.plans p where p.id = next_plan;
  standing.every := subctl_internal.default_interval(standing.plan_id, standing.version);
  select * into before from subctl_internal.period_before(head.customer_id, standing.plan_id, standing.every, ended_at);
  standing.subscription_id := null;
  standing.status := 'active';
  standing.basis := 'fallback';
  standing.access := true;
  standing.reason := null;
  standing.collection := 'free';
  standing.auto_renew := true;
  standing.ends_at := null;
  standing.period_start := before.starts;
  standing.period_end := before.ends;
  standing.anchor := case
    when as_of >= before.ends then subctl_internal.next_anchor(
      before.anchor, standing.every, standing.every, false, before.ends, before.anchor_timezone)
    else coalesce(before.anchor, ended_at) end;
  standing.anchor_timezone := coalesce(before.anchor_timezone, subctl_internal.zone_of(head.customer_id, ended_at));
  standing.usage_from := coalesce(before.usage_from, ended_at);
  standing.epoch := head.epoch + 1;
  return standing;
end $$;
