-- Returns the standing of a customer on the subscription whose row contains the instant: renewed, on the pending plan,
-- past due or at its end, by its dates. An overdue subscription has its grace, then ends, but never later than its own
-- end (R35). `ends_at` is set where it is over, and says since when; `period_start` and `period_end` are the written
-- period.
create or replace function subctl_internal.stand_on_subscription(
  head subctl.subscriptions, dates subctl.subscription_dates, standing subctl.effective_standing, as_of timestamptz)
returns subctl.effective_standing
language plpgsql stable set search_path = pg_catalog, subctl, pg_temp as $$
declare
  is_renewed boolean;
  ends_by timestamptz;
begin
  standing := subctl_internal.copy_subscription(head, dates, standing);
  standing.ends_at := dates.ended_at;
  if dates.status in ('canceled', 'expired') then
    standing.ends_at := coalesce(dates.ended_at, head.ended_at);
    return standing;
  elsif head.collection = 'stripe' then
    if dates.status = 'past_due' and as_of >= head.suspended_at then standing.reason := 'past_due'; end if;
    return standing;
  end if;

  is_renewed := dates.status in ('active', 'trialing') and dates.next_anchor is not null
    and (dates.unpaid_since is null or dates.unpaid_since > dates.renews_at);
  if is_renewed then standing.status := 'active'; end if;
  if dates.is_taken then
    standing.plan_id := head.pending_plan_id;
    standing.version := head.pending_version;
    standing.every := coalesce(head.pending_every, head.every);
    standing.since := dates.switches_at;
  elsif is_renewed and dates.next_anchor <> head.anchor then
    standing.since := dates.next_anchor;   -- unpaid: not renewed, but its periods continue
  end if;
  standing.anchor := coalesce(dates.next_anchor, head.anchor);

  ends_by := dates.grace_until;
  if dates.status in ('active', 'trialing') and as_of >= dates.last_at
     and (dates.overdue_since < dates.last_at) is not true then
    standing.ends_at := dates.last_at;
    standing.status := case when head.cancel_at_period_end then 'canceled' else 'expired' end;
  elsif dates.overdue_since is not null then
    standing.status := 'past_due';
    standing.since := greatest(standing.since, dates.overdue_since);
    if ends_by is null then
      select standing.since + make_interval(hours => 24 * v.grace_days) into ends_by
        from subctl.plan_versions v where v.plan_id = standing.plan_id and v.version = standing.version;
    end if;
  end if;
  ends_by := least(ends_by, dates.last_at);
  if standing.status = 'past_due' and as_of >= ends_by then
    standing.ends_at := ends_by;
    standing.status := case when head.cancel_at_period_end and ends_by = dates.last_at then 'canceled'
                            else 'expired' end;
  end if;
  return standing;
end $$;
