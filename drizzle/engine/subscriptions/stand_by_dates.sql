-- Returns the standing of a customer by dates alone (effective_subscription): in the past, after an unwritten end or
-- change, on the fallback or default plan; or the refusal where there is no access (R16). `live` is the row of the
-- live subscription, null where there is none. A use that has happened is counted although access has ended (R12). For
-- a past instant it also returns what has shortened the windows since (`turns_at`), and the schedule that followed.
create or replace function subctl_internal.stand_by_dates(
  request subctl.usage_request, standing subctl.usage_standing, live subctl.subscriptions) returns subctl.usage_standing
language plpgsql stable set search_path = pg_catalog, subctl, pg_temp as $$
declare
  effective record;
  turn subctl.subscription_phases;
begin
  select * into effective from subctl_internal.effective_subscription(request.customer, standing.at);
  standing.is_late := live.id is not null
    and standing.at < greatest(live.from_at, live.current_period_start, live.usage_reset_at);
  standing.is_simple := effective.basis = 'default'
    and standing.at between standing.now - interval '1 hour' and standing.now + interval '5 minutes';
  standing.subscription_id := effective.subscription_id;
  standing.plan_id := effective.plan_id;
  standing.version := effective.version;
  standing.anchor := case when effective.basis <> 'default' then effective.anchor end;
  standing.anchor_timezone := effective.anchor_timezone;
  standing.period_start := effective.period_start;
  standing.period_end := effective.period_end;
  standing.usage_from := effective.usage_from;
  standing.epoch := effective.epoch;
  -- an unwritten fallback plan continues an earlier period (R32)
  if effective.basis = 'fallback' and effective.anchor < effective.since then
    standing.continues_since := effective.since;
  end if;
  -- an end that has moved since, or that moves with a pause
  if standing.period_start = live.current_period_start and standing.subscription_id = live.id then
    standing.period_end := case
      when live.status = 'paused' and live.pause_clock is distinct from 'runs' and live.resumes_at is null
        then 'infinity'
      else live.current_period_end end;
  end if;
  if standing.at < standing.now then
    -- a past window ends where the next reset or subscription cut it; one that follows the subscription also
    -- where its schedule changed
    select g.* into turn
      from subctl.subscription_phases g
     where g.customer_id = request.customer and g.subscription_id = standing.subscription_id and g.from_at > standing.at
       and (g.anchor <> standing.anchor
            or g.period_start < g.from_at and g.period_start <> standing.period_start)
     order by g.from_at limit 1;
    standing.turns_at := turn.from_at;
    standing.next_from := turn.from_at;
    standing.next_anchor := turn.anchor;
    standing.next_timezone := turn.anchor_timezone;
    standing.next_start := turn.period_start;
    standing.next_end := case when turn.period_start = live.current_period_start then live.current_period_end
                              else turn.period_end end;
    standing.period_end := least(
      standing.period_end, case when live.usage_reset_at > standing.at then live.usage_reset_at end,
      (select min(r.at) from subctl.usage_resets r where r.customer_id = request.customer and r.at > standing.at),
      (select min(s.started_at) from subctl.subscriptions s
        where s.customer_id = request.customer and s.started_at > standing.at));
  end if;
  if not effective.access and not (request.already_spent and standing.plan_id is not null
                                   and effective.reason in ('past_due', 'paused', 'no_subscription')) then
    standing.refusal := subctl_internal.refuse_usage(request.customer, request.kind, standing.at, effective.reason,
      case effective.reason
        when 'no_subscription' then
          format('Customer %s has no subscription at %s', request.customer, subctl_internal.iso(standing.at))
        when 'disabled' then format('Customer %s is disabled', request.customer)
        else format('The subscription of %s is %s', request.customer, replace(effective.reason, '_', ' ')) end);
  end if;
  return standing;
end $$;
