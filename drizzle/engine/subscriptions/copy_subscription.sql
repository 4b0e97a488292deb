-- Copies the fields of a subscription's row that decide the customer's standing, with its dates at an instant.
create or replace function subctl_internal.copy_subscription(
  head subctl.subscriptions, dates subctl.subscription_dates, standing subctl.effective_standing)
returns subctl.effective_standing
language plpgsql immutable set search_path = pg_catalog, subctl, pg_temp as $$
begin
  standing.subscription_id := head.id;
  standing.plan_id := head.plan_id;
  standing.version := head.version;
  standing.status := dates.status;
  standing.every := head.every;
  standing.anchor := head.anchor;
  standing.anchor_timezone := head.anchor_timezone;
  standing.period_start := head.current_period_start;
  standing.period_end := dates.period_end;
  standing.usage_from := head.usage_reset_at;
  standing.since := dates.from_at;
  standing.auto_renew := head.auto_renew;
  standing.collection := dates.collection;
  standing.epoch := head.epoch;
  standing.basis := 'subscription';
  return standing;
end $$;
