-- Returns what a customer has at an instant, also a past one, by dates alone and whether or not a task has run (R16).
-- It is the only source of access. No row: no such customer. `basis` is the source: a subscription's row, the fallback
-- plan that is not written yet, the default plan of customers who never had a subscription (R19), or none. Periods are
-- [period_start, period_end) (R1); paid meters count from `usage_from`. While a clock is stopped the end of the period
-- moves with time. Steps: the subscription at the instant, its dates, the standing by them, what follows its end, and
-- the period.
create or replace function subctl_internal.effective_subscription(customer text, as_of timestamptz)
returns setof subctl.effective_standing
language plpgsql stable set search_path = pg_catalog, subctl, pg_temp as $$
declare
  standing subctl.effective_standing;
  head subctl.subscriptions;
  dates subctl.subscription_dates;
  ended_at timestamptz;
  disabled_at timestamptz;
begin
  select c.disabled_at into disabled_at from subctl.customers c where c.id = customer;
  if not found then return; end if;
  standing.customer_id := customer;
  standing.timezone := subctl_internal.zone_of(customer, as_of);
  standing.status := 'none';
  standing.access := false;
  standing.basis := 'none';

  select s.* into head from subctl.subscriptions s
   where s.customer_id = customer and s.started_at <= as_of
   order by s.started_at desc, (s.ended_at is null) desc, s.id desc limit 1;
  if not found then
    standing := subctl_internal.stand_without_subscription(standing);
  else
    dates := subctl_internal.read_subscription_dates(head, as_of);
    if as_of < dates.from_at or as_of < head.current_period_start then
      dates.switches_at := null;   -- the present pending change was not pending then
      standing := subctl_internal.stand_in_phase(head, dates, standing, as_of);
    else
      standing := subctl_internal.stand_on_subscription(head, dates, standing, as_of);
    end if;
    ended_at := standing.ends_at;
    if ended_at is not null then
      standing := subctl_internal.stand_after_end(head, standing, as_of);
    elsif standing.reason is null then
      standing.access := standing.status in ('active', 'trialing', 'past_due');
      if standing.status = 'paused' then standing.reason := 'paused'; end if;
      if dates.status in ('active', 'trialing', 'past_due') and as_of < dates.last_at then
        standing.ends_at := dates.last_at;
      end if;
    end if;
  end if;

  if disabled_at <= as_of then
    standing.access := false;
    standing.reason := 'disabled';
  end if;
  if standing.anchor is not null then
    standing := subctl_internal.stand_in_period(head, dates, standing, as_of, ended_at);
  end if;
  return next standing;
end $$;
