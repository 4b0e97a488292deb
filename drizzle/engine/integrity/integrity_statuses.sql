-- Checks the dates of each subscription against its status and against each other, and the plan, the pending plan and
-- the price.
create or replace view subctl.integrity_statuses as
select s.customer_id, v.subject, v.expected, v.found
  from subctl.subscriptions s
 -- a free plan that was assigned again continues the period that was running (R32)
 cross join lateral (
   select least(s.started_at, min(g.period_start)) as began from subctl.subscription_phases g
    where g.customer_id = s.customer_id and g.subscription_id = s.id and g.period_start < g.from_at
      and g.cause in ('new', 'fallback', 'upgrade')) b
 cross join lateral (values
   ('end of a subscription that is ' || s.status,
    case when s.status in ('canceled', 'expired') then 'an instant' else 'none' end,
    coalesce(subctl_internal.iso(s.ended_at), 'none'),
    (s.status in ('canceled', 'expired')) = (s.ended_at is not null)),
   ('end', 'not before ' || subctl_internal.iso(s.started_at), subctl_internal.iso(s.ended_at),
    not coalesce(s.ended_at < s.started_at, false)),
   ('period', 'start before end', subctl_internal.iso(s.current_period_start) || ' to '
    || subctl_internal.iso(s.current_period_end), s.current_period_start < s.current_period_end),
   ('start of the period', 'not before ' || subctl_internal.iso(b.began), subctl_internal.iso(s.current_period_start),
    s.current_period_start >= b.began),
   ('since', 'not before ' || subctl_internal.iso(s.started_at), subctl_internal.iso(s.from_at),
    s.from_at >= s.started_at),
   ('end of the trial', 'after ' || subctl_internal.iso(s.started_at), coalesce(subctl_internal.iso(s.trial_end),
                                                                                'none'),
    s.status <> 'trialing' or coalesce(s.trial_end > s.started_at, false)),
   ('grace', 'not before past due', coalesce(subctl_internal.iso(s.past_due_since), 'none') || ' to '
       || coalesce(subctl_internal.iso(s.grace_until), 'none'),
    s.status <> 'past_due' or coalesce(s.past_due_since <= s.grace_until, false)),
   ('pause', case when s.status = 'paused' then 'an instant' else 'none' end,
    coalesce(subctl_internal.iso(s.paused_at), 'none'), (s.status = 'paused') = (s.paused_at is not null)),
   ('pending plan', 'a plan with its version', concat_ws(' ', s.pending_plan_id, s.pending_version),
    (s.pending_plan_id is null) = (s.pending_version is null)
      and (s.pending_plan_id is null or exists (select 1 from subctl.plan_versions v
                                                 where v.plan_id = s.pending_plan_id
                                                   and v.version = s.pending_version))),
   ('plan', 'a plan version', concat_ws(' ', s.plan_id, s.version),
    exists (select 1 from subctl.plan_versions v where v.plan_id = s.plan_id and v.version = s.version)),
   ('price', 'a price and a currency', concat_ws(' ', trim_scale(s.price)::text, s.currency),
    s.collection in ('free', 'complimentary')
      or (s.price >= 0 and s.currency is not null))) v(subject, expected, found, fits)
 where not coalesce(v.fits, false);
comment on view subctl.integrity_statuses is
  'R35: The dates of a subscription fit its status';
