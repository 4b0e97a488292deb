-- Sums the accepted uses of each rolling window again. The last use accepted fitted every window that holds it, with
-- the uses before it; so no window holds more than the highest limit that one of its uses was held to. Left out is
-- what may exceed a limit: uses recorded as already spent, reversed uses, uses without a hard limit, and cost that was
-- rerated. Where a limit restarts with the subscription, a window begins there.
create or replace view subctl.integrity_rolling_limits as
with rolling as (
  select w.id, w.meter_id, w."window", w.scope, make_interval(hours => k.n) as span, m.tier
    from subctl.meter_windows w
    join subctl.meters m on m.id = w.meter_id
   cross join lateral subctl_internal.window_kind(w."window") k
   where k.kind = 'rolling_hour'
     and (m.field <> 'cost' or not exists (select 1 from subctl.changes c where c.action = 'pricing rerate'))
), uses as materialized (
  select r.id, r.span, r.tier, a.customer_id, case when r.scope = 'member' then a.member_id else '' end as subject,
         a.at, a.amount,
         case when l.enforcement <> 'hard' and l.limit_value = x.lim then 'Infinity'
              else coalesce(x.lim, 'Infinity') end as lim
    from rolling r
   cross join lateral subctl_internal.events_on_meter(r.meter_id, (select subctl_internal.events_kept_from()),
                                                      'infinity') a
    join subctl.usage_events e on e.customer_id = a.customer_id and e.at = a.at and e.id = a.id
    left join lateral (
      select g.limit_value as lim from subctl_internal.event_limits(e.result) g where g.window_id = r.id) x on true
    left join subctl.plan_limits l on l.plan_id = e.plan_id and l.version = e.version and l.meter_id = r.meter_id
                                  and l."window" = r."window" and l.scope = r.scope
   where a.amount > 0 and not e.already_spent and (r.scope = 'customer' or a.member_id is not null)
     and not exists (select 1 from subctl.usage_events v
                      where v.customer_id = e.customer_id and v.at = e.at and v.reverses = e.id)
), moments as (
  select u.customer_id, u.id, u.subject, u.at, u.amount, null::timestamptz as ends_at, 0 as sign from uses u
  union all
  select distinct u.customer_id, u.id, u.subject, b.at, 0, u.at, b.sign
    from uses u cross join lateral (values (u.at - u.span, -1), (u.at, 1)) b(at, sign)
), totals as (
  select m.*, sum(m.amount) over w as total
    from moments m
  window w as (partition by m.customer_id, m.id, m.subject order by m.at, m.sign <> 0 rows unbounded preceding)
), filled as (
  select t.customer_id, t.id, t.subject, t.ends_at, sum(t.sign * t.total) as amount
    from totals t where t.sign <> 0 group by 1, 2, 3, 4
), lowest as (
  select u.customer_id, u.id, u.subject, min(u.lim) as lim from uses u group by 1, 2, 3
)
select f.customer_id, concat_ws(' ', r.meter_id, r."window", nullif(f.subject, ''), 'to',
                                subctl_internal.iso(f.ends_at)) as subject,
       'at most ' || trim_scale(i.lim) as expected, trim_scale(i.amount)::text as found
  from filled f
  join lowest o on o.customer_id = f.customer_id and o.id = f.id and o.subject = f.subject and f.amount > o.lim
  join rolling r on r.id = f.id
 cross join lateral (
   select case when r.tier = 'free' then '-infinity' else e.usage_from end as since
     from subctl_internal.effective_subscription(f.customer_id, f.ends_at) e) s
 cross join lateral (
   select sum(u.amount) as amount, max(u.lim) as lim from uses u
    where u.customer_id = f.customer_id and u.id = f.id and u.subject = f.subject
      and u.at > f.ends_at - r.span and u.at <= f.ends_at and u.at >= s.since) i
 where i.amount > i.lim;
comment on view subctl.integrity_rolling_limits is
  'R7, R12: No rolling window holds more than its limit, except usage that had already happened';
