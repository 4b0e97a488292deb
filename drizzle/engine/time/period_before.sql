-- Returns the period that a free plan continues if a customer takes it again while the period in which their last run
-- of that plan ended is not over (R32): its anchor, its bounds as trials, pauses and added days moved them, and since
-- when paid usage counts in it. The end of a term or of a change that cut it short is ignored. With another interval
-- than that run had, it is that interval's period from the same anchor. No row means that the plan begins a new
-- period.
create or replace function subctl_internal.period_before(
  p_customer text, p_plan text, p_every text, p_at timestamptz, out anchor timestamptz, out anchor_timezone text,
  out starts timestamptz, out ends timestamptz, out usage_from timestamptz)
returns setof record
language sql stable as $$
  select r.anchor, r.anchor_timezone, p.starts, p.ends,
         greatest(p.starts, (
           -- an upgrade to the same plan reset its usage
           select max(x.at) from subctl.usage_resets x
             join subctl.subscription_phases g
               on g.customer_id = x.customer_id and g.subscription_id = x.subscription_id and g.from_at = x.at
            where x.customer_id = p_customer and x.cause = 'upgrade' and x.at <= r.from_at and g.plan_id = p_plan))
    from (
      select g.*, n.from_at as ended_at,
             case when g.status = 'trialing' or g.status = 'paused' and g.previous_status = 'trialing' then s.trial_end
             end as tried_until,
             coalesce((n.snapshot->>'period_start')::timestamptz, w.period_start) as was_start,
             coalesce((n.snapshot->>'period_end')::timestamptz, w.period_end) as was_end
        from subctl.subscription_phases g
        join subctl.subscriptions s on s.customer_id = g.customer_id and s.id = g.subscription_id
       cross join lateral (
         select x.from_at, x.snapshot, x.status in ('canceled', 'expired') as is_end
           from subctl.subscription_phases x
          where x.customer_id = p_customer and x.subscription_id = g.subscription_id and x.from_at > g.from_at
            and x.from_at <= p_at
          order by x.from_at limit 1) n
       cross join lateral (   -- the period until the end, or until a pending plan started
         select case when n.is_end then s.current_period_start
                     when n.from_at <= g.period_end then g.period_start
                     else lower(subctl_internal.period_at(g.anchor, g.every, n.from_at - interval '1 microsecond',
                                                          g.anchor_timezone))
                end as period_start,
                case when n.is_end then s.current_period_end else n.from_at end as period_end) w
       where g.customer_id = p_customer and g.plan_id = p_plan and g.status not in ('canceled', 'expired')
         and g.from_at < p_at
       order by g.from_at desc limit 1) r
   cross join lateral (
     select case when r.every <> p_every then subctl_internal.period_at(r.anchor, p_every, p_at, r.anchor_timezone)
                 else tstzrange(r.was_start, greatest(r.was_end, coalesce(r.tried_until,
                        upper(subctl_internal.period_at(r.anchor, p_every, greatest(r.was_start, r.anchor),
                                                        r.anchor_timezone)))))
            end as period) o
   cross join lateral (select lower(o.period) as starts, upper(o.period) as ends) p
   where r.ended_at > p.starts and p_at < p.ends
$$;
