-- Reads the dates of a paused subscription: it ended in the pause where its clock runs, it has resumed by its date
-- without that being written, or its clock is stopped and its period's end moves with time.
create or replace function subctl_internal.resume_by_dates(
  head subctl.subscriptions, dates subctl.subscription_dates, as_of timestamptz) returns subctl.subscription_dates
language plpgsql stable set search_path = pg_catalog, subctl, pg_temp as $$
begin
  if head.pause_clock = 'runs' and dates.last_at <= least(as_of, head.resumes_at) then
    dates.ended_at := dates.last_at;
    dates.status := case when head.cancel_at_period_end then 'canceled' else 'expired' end;
  elsif head.resumes_at <= as_of then
    dates.status := case when head.trial_end > head.paused_at then 'trialing' else 'active' end;
    dates.from_at := head.resumes_at;
    if head.pause_clock = 'runs' then dates.renews_at := greatest(head.current_period_end, head.resumes_at); end if;
    dates.period_end := dates.renews_at;
    if head.cancel_at_period_end or not head.auto_renew then dates.last_at := dates.renews_at; end if;
  elsif head.pause_clock is distinct from 'runs' and head.resumes_at is null then
    dates.period_end := subctl_internal.shift_instant(dates.period_end, head.paused_at, as_of);
  end if;
  return dates;
end $$;
