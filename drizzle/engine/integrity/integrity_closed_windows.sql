-- Derives the limit at the end of each closed window from history: the phase, or the plan that the dates give, and
-- limits of the customer. Without a subscription the default plan of that day is not recorded: such windows are left
-- out.
create or replace view subctl.integrity_closed_windows as
with closed as (
  select c.*, c.window_end - interval '1 microsecond' as last
    from subctl.usage_counters c where c.closed_at is not null and c.window_end < 'infinity'
), judged as (
  -- windows with a subscription at their end
  select c.*, coalesce(f.plan_id, g.plan_id) as plan_id, coalesce(f.version, g.version) as version
    from closed c
   cross join lateral (select g.* from subctl.subscription_phases g
                        where g.customer_id = c.customer_id and g.from_at <= c.last order by g.from_at desc
                        limit 1) g
    join subctl.subscriptions s on s.customer_id = g.customer_id and s.id = g.subscription_id
    -- a grace period may be over without a task having written it: then the dates decide (R16)
    left join lateral (
      select x.plan_id, x.version from subctl_internal.effective_subscription(c.customer_id, c.last) x
       where s.ended_at is null and (s.status = 'past_due' and s.grace_until <= c.last
                                     or exists (
                select 1 from subctl.invoices i
                 where i.customer_id = s.customer_id and i.subscription_id = s.id and i.status = 'open'
                   and i.due_at <= c.last))
      offset 0) f on true
   where g.status in ('trialing', 'active', 'past_due', 'paused')
     and (c.last < s.current_period_end or s.ended_at is not null)
)
select j.customer_id, concat_ws(' ', 'limit of', j.meter_id, j."window", nullif(j.subject, ''), 'until',
                                subctl_internal.iso(j.window_end)) as subject,
       coalesce(trim_scale(x.lim)::text, 'none') as expected,
       coalesce(trim_scale(j.limit_value)::text, 'none') as found
  from judged j
 cross join lateral (
   select case when o.limited then o.limit_value else l.limit_value end as lim
     from (select 1) one
     left join subctl.plan_limits l on l.plan_id = j.plan_id and l.version = j.version and l.meter_id = j.meter_id
      and l."window" = j."window" and l.scope = j.scope
     left join lateral (
       select true as limited, v.limit_value from subctl.limit_overrides v
        where v.customer_id = j.customer_id and v.meter_id = j.meter_id and v."window" = j."window"
          and v.scope = j.scope
          and v.starts_at < j.window_end and (v.ends_at is null or v.ends_at >= j.window_end)
        order by v.starts_at desc limit 1) o on true) x
 where x.lim is distinct from j.limit_value
union all
select c.customer_id, concat_ws(' ', 'closing of', c.meter_id, c."window"),
       'not before ' || subctl_internal.iso(c.window_end), subctl_internal.iso(c.closed_at)
  from closed c where c.closed_at < c.window_end;
comment on view subctl.integrity_closed_windows is
  'R13: A closed window was closed after its end and keeps the limit that was in force then';
