-- Puts the first period, the renewals and the current period of each subscription in order and compares neighbors. A
-- phase that moves the anchor, the interval or the clock explains a difference. Subscriptions that Stripe renews are
-- left out.
create or replace view subctl.integrity_renewals as
with segments as (
  select g.customer_id, g.subscription_id, g.from_at, g.status, g.anchor, g.every, g.anchor_timezone, g.cause,
         g.period_end,
         lead(g.from_at, 1, 'infinity') over w as until,
         coalesce((g.anchor, g.every) is distinct from (lag(g.anchor) over w, lag(g.every) over w), true)
           or g.cause in ('extend', 'resume')
           or (lag(g.status) over w = 'trialing' and g.status <> 'trialing') or g.status = 'paused' as moves
    from subctl.subscription_phases g
  window w as (partition by g.customer_id, g.subscription_id order by g.from_at)
), renewed as (
  select distinct on (r.customer_id, r.subscription_id, r.period_start) r.customer_id, r.subscription_id,
         r.period_start, r.period_end
    from subctl.renewals r where r.outcome in ('renewed', 'invoiced', 'paid')
   order by r.customer_id, r.subscription_id, r.period_start, r.attempt desc
), periods as (
  select r.*, false as now from renewed r
  union all
  -- the first period, which a plan that is assigned again finds as it was (R32)
  select s.customer_id, s.id, s.started_at,
         case when g.status = 'trialing' then s.trial_end when g.anchor < s.started_at then g.period_end
              else upper(subctl_internal.period_at(g.anchor, g.every, s.started_at, g.anchor_timezone)) end, false
    from subctl.subscriptions s join segments g on g.customer_id = s.customer_id and g.subscription_id = s.id
     and g.from_at = s.started_at
  union all
  -- the current period
  select s.customer_id, s.id, s.current_period_start, s.current_period_end, true from subctl.subscriptions s
), chain as (
  select p.*, lag(p.period_start) over w as before_start, lag(p.period_end) over w as before_end
    from periods p window w as (partition by p.customer_id, p.subscription_id order by p.period_start, p.now)
), owned as (
  select c.*, s.auto_renew from chain c join subctl.subscriptions s on s.customer_id = c.customer_id
     and s.id = c.subscription_id and s.collection <> 'stripe'
)
select c.customer_id, 'period from ' || subctl_internal.iso(c.period_start) as subject,
       'from ' || subctl_internal.iso(case when c.now then c.before_start else c.before_end end) as expected,
       case when c.now then 'nothing written' else 'another start' end as found
  from owned c
 where c.before_start is not null
   and case when c.now then c.period_start <> c.before_start else c.period_start is distinct from c.before_end end
   and not exists (select 1 from segments g
                    where g.customer_id = c.customer_id and g.subscription_id = c.subscription_id and g.moves
                      and (g.from_at > c.before_start
                           or (g.from_at = c.before_start and g.cause in ('upgrade', 'downgrade', 'extend', 'pause')))
                      and (c.now or g.from_at < c.period_start))
   -- a change of plan at an instant shortens the period
   and not exists (select 1 from segments g
                    where g.customer_id = c.customer_id and g.subscription_id = c.subscription_id and g.moves
                      and g.from_at = c.period_start and c.period_start < c.before_end)
union all
select r.customer_id, 'end of the period from ' || subctl_internal.iso(r.period_start),
       subctl_internal.iso(upper(p.period)), subctl_internal.iso(r.period_end)
  from renewed r
  join segments g on g.customer_id = r.customer_id and g.subscription_id = r.subscription_id
   and g.from_at <= r.period_start and g.until > r.period_start
  join subctl.subscriptions s on s.customer_id = r.customer_id and s.id = r.subscription_id
   and s.collection <> 'stripe'
 cross join lateral (select subctl_internal.period_at(g.anchor, g.every, r.period_start, g.anchor_timezone) as period) p
 where upper(p.period) <> r.period_end and not (g.moves and g.from_at = r.period_start)
   -- the last period of a term, whose end may have been moved since
   and not (r.period_end < upper(p.period)
            and (r.period_end in (s.ends_at, s.pending_at)
                 or exists (select 1 from segments x
                             where x.customer_id = r.customer_id and x.subscription_id = r.subscription_id
                               and x.from_at > r.period_start
                               and x.cause in ('upgrade', 'downgrade', 'extend', 'pause', 'resume'))))
union all
select r.customer_id, 'renewal from ' || subctl_internal.iso(r.period_start), 'a subscription ' || r.subscription_id,
       'none'
  from subctl.renewals r where not exists (select 1 from subctl.subscriptions s
                                            where s.customer_id = r.customer_id and s.id = r.subscription_id);
comment on view subctl.integrity_renewals is
  'R2, R36: The renewals of a subscription tile: each period begins where the previous one ended and is the one of '
  'its anchor';
