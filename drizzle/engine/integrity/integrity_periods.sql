-- Derives the current period of each live subscription from its anchor. Subscriptions that Stripe renews are left out,
-- and those that were extended or paused in this period. A plan change at an instant cuts the period.
create or replace view subctl.integrity_periods as
select s.customer_id, v.subject, v.expected, v.found
  from subctl.subscriptions s
 cross join lateral (select s.status = 'trialing'
                         or (s.status = 'paused' and coalesce(s.trial_end > s.paused_at, false)) as trying) t
 cross join lateral (select subctl_internal.period_at(s.anchor, s.every, s.current_period_start,
                                                      s.anchor_timezone) as period) p
 cross join lateral (
   select greatest(lower(p.period), s.anchor) as starts, upper(p.period) as ends where not t.trying
   union all
   select s.started_at, s.trial_end where t.trying) e
 -- a plan pending for an instant shortens the period
 cross join lateral (select case when s.cut_from is not null then s.pending_at end as cut) w
 cross join lateral (values
   ('start of the period', subctl_internal.iso(e.starts), subctl_internal.iso(s.current_period_start),
    s.current_period_start = e.starts),
   ('end of the period', case when not s.auto_renew then 'at most ' else '' end
       || subctl_internal.iso(least(e.ends, s.ends_at, w.cut)), subctl_internal.iso(s.current_period_end),
    case when s.auto_renew then s.current_period_end = least(e.ends, s.ends_at, w.cut)
         else s.current_period_end <= e.ends end)) v(subject, expected, found, fits)
 where status in ('trialing', 'active', 'past_due', 'paused') and s.collection <> 'stripe' and not v.fits
   -- time that was given beyond the anchor's grid
   and not exists (select 1 from subctl.subscription_phases g
                    where g.customer_id = s.customer_id and g.subscription_id = s.id
                      and g.cause in ('extend', 'pause', 'resume') and g.from_at >= s.current_period_start);
comment on view subctl.integrity_periods is
  'R2: The period of every live subscription is the one of its anchor';
