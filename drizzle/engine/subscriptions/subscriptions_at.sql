-- Returns what effective_subscription returns, as a set, for customers whose subscription row decides it by its dates:
-- a running period, an ended period that renews unchanged, or an end without a fallback plan. All others (ended
-- trials, pauses, unpaid invoices, no subscription) have no row and must be asked one by one.
create or replace function subctl_internal.subscriptions_at(customers text[], as_of timestamptz)
returns table (customer_id text, subscription_id uuid, plan_id text, version int, every text, anchor timestamptz,
               anchor_timezone text, since timestamptz, period_start timestamptz, period_end timestamptz,
               access boolean)
language sql stable as $$
  select s.customer_id, s.id, s.plan_id, s.version, s.every, s.anchor, s.anchor_timezone, s.from_at, n.starts, n.ends,
         s.ended_at is null
    from (select distinct on (su.customer_id) su.customer_id, su.id, su.plan_id, su.version, su.every, su.anchor,
                 su.anchor_timezone, su.from_at, su.status, su.collection, su.current_period_start,
                 su.current_period_end, su.ends_at, su.ended_at, su.auto_renew, su.cancel_at_period_end,
                 su.pending_plan_id
            from subctl.subscriptions su
           where su.customer_id = any ($1) and su.started_at <= $2
           order by su.customer_id, su.started_at desc, (su.ended_at is null) desc, su.id desc) s
    left join lateral subctl_internal.months_period_end(s.anchor, s.every, s.current_period_end, s.anchor_timezone) m
      on s.status = 'active' and s.current_period_end <= $2
   cross join lateral (
     select case when s.status = 'active' and s.current_period_end <= $2 and m.ends is null
                 then subctl_internal.period_at(s.anchor, s.every, s.current_period_end, s.anchor_timezone) end
                   as period
          offset 0) p
   cross join lateral (
     select case when s.status = 'active' and s.current_period_end <= $2
                 then case when m.ends is null then lower(p.period) else s.current_period_end end
                 else s.current_period_start end as starts,
            case when s.status = 'active' and s.current_period_end <= $2
                 then least(coalesce(m.ends, upper(p.period)), s.ends_at)
                 else s.current_period_end end as ends offset 0) n
   where s.customer_id not in (
           select c.id from subctl.customers c where c.id = any ($1) and c.disabled_at <= $2)
     and s.from_at <= $2 and s.current_period_start <= $2
     and (s.ended_at is not null or case s.collection
            when 'invoice' then not exists (
              select 1 from subctl.invoices i
               where i.customer_id = any ($1) and i.customer_id = s.customer_id and i.subscription_id = s.id
                 and i.status = 'open' and i.due_at <= $2)
            when 'stripe' then s.current_period_end > $2
            else true end)
     and case
           when s.status in ('active', 'trialing') and s.current_period_end > $2 then true
           when s.status = 'active' then s.auto_renew and not s.cancel_at_period_end and s.pending_plan_id is null
             and n.starts = s.current_period_end and n.ends > $2
           when s.status in ('canceled', 'expired')
             then s.plan_id in (select p.id from subctl.plans p where subctl_internal.fallback_plan(p.id) is null)
         end
$$;
