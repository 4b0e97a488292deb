-- Completes a customer's standing with the period that contains the instant, and the start of counting for paid
-- meters. `standing` has the written period; where that does not contain the instant, the period is counted from the
-- anchor. An instant after an end lies in no period of the ended subscription. A change without a reset may stand in a
-- period that began before it.
create or replace function subctl_internal.stand_in_period(
  head subctl.subscriptions, dates subctl.subscription_dates, standing subctl.effective_standing, as_of timestamptz,
  ended_at timestamptz) returns subctl.effective_standing
language plpgsql stable set search_path = pg_catalog, subctl, pg_temp as $$
declare
  of_subscription boolean := standing.basis = 'subscription';
  period tstzrange;
begin
  if (as_of >= standing.period_start and as_of < standing.period_end) is not true then
    period := case
      when standing.basis = 'default' then subctl_internal.customer_window(standing.customer_id,
                                                                           'anchored_month', as_of, 1)
      else subctl_internal.period_at(standing.anchor, standing.every, as_of, standing.anchor_timezone) end;
    standing.period_start := greatest(lower(period), case when standing.basis <> 'default' then standing.anchor end,
                                      case when of_subscription then ended_at end);
    standing.period_end := upper(period);
    if of_subscription then
      standing.period_end := least(standing.period_end, head.ends_at,
                                   case when as_of < dates.switches_at then dates.switches_at end);
    end if;
  end if;
  if of_subscription and as_of < standing.usage_from then
    select coalesce(max(r.at), '-infinity') into standing.usage_from
      from subctl.usage_resets r where r.customer_id = standing.customer_id and r.at <= as_of;
  end if;
  if not of_subscription or as_of < head.usage_reset_at or as_of < dates.from_at
     or standing.period_start <> head.current_period_start then
    standing.usage_from := greatest(standing.usage_from, standing.period_start);
  end if;
  return standing;
end $$;
