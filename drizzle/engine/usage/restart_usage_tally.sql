-- Restarts the open windows of a customer that now stands on another subscription, epoch or plan version: open ones
-- move to usage_counters and end with what restarts, and none stays open. In the same subscription a free meter's
-- window that follows it and contains the instant of the restart continues. The caller holds the customer's row.
create or replace function subctl_internal.restart_usage_tally(
  customer text, standing subctl.usage_standing, tally subctl.usage_tally) returns subctl.usage_tally
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp as $$
begin
  if tally.generation > 0 or tally.has_history then   -- else it is the very first use
    perform subctl_internal.flush_windows(customer, coalesce(standing.continues_since, standing.usage_from));
  end if;
  if tally.subscription_id = standing.subscription_id then
    update subctl.usage_counters u set window_end = upper(w.bounds)
      from subctl.meters m, subctl.meter_windows y
     cross join lateral subctl_internal.window_kind(y."window") k
     cross join lateral subctl_internal.limit_window(
       restart_usage_tally.customer, k.kind, k.n, false, standing.usage_from, standing.anchor, standing.anchor_timezone,
       standing.period_start, standing.period_end, standing.usage_from) w(bounds)
     where u.customer_id = restart_usage_tally.customer and u.closed_at is null and u.window_end = standing.usage_from
       and u."window" ~ '^every_' and m.id = u.meter_id and m.tier = 'free' and y.meter_id = u.meter_id
       and y."window" = u."window" and y.scope = u.scope and lower(w.bounds) = u.window_start;
  end if;
  tally.ends_moved := true;
  tally.rules_over := true;
  tally.ids := '{}';
  tally.starts := '{}';
  tally.ends := '{}';
  tally.used := '{}';
  tally.refused := '{}';
  tally.subscription_id := standing.subscription_id;
  tally.epoch := standing.epoch;
  tally.plan_id := standing.plan_id;
  tally.version := standing.version;
  tally.credits_due_at := '-infinity';
  tally.uncounted_until := greatest(tally.uncounted_until,
    subctl_internal.uncounted_until(customer, standing.plan_id, standing.version));
  return tally;
end $$;
