-- The period that a free plan takes up where a customer takes it again at an instant (R32): the one in which their last
-- run of that plan ended, where it is not over. Its anchor, its bounds (as a trial, a pause or given days had moved
-- them, and without the end of a term or a change that cut it short), and since when paid usage counts in it. With
-- another interval than that run had, it is that interval's period from the same anchor. No row: the plan begins anew.
create or replace function subctl.period_before(
  customer text, plan text, every text, at timestamptz,
  out anchor timestamptz, out anchor_timezone text, out starts timestamptz, out ends timestamptz,
  out usage_from timestamptz)
returns setof record
language sql stable as $$
  select r.anchor, r.anchor_timezone, p.starts, p.ends,
         greatest(p.starts, (
           -- an upgrade to this very plan counted its usage anew
           select max(x.at) from subctl.usage_resets x
             join subctl.subscription_segments g
               on g.customer_id = x.customer_id and g.subscription_id = x.subscription_id and g.from_at = x.at
            where x.customer_id = $1 and x.cause = 'upgrade' and x.at <= r.from_at and g.plan_id = $2))
    from (
      select g.*, n.from_at as ended_at,
             case when g.status = 'trialing' or g.status = 'paused' and g.previous_status = 'trialing' then s.trial_end
             end as tried_until,
             coalesce((n.snapshot->>'period_start')::timestamptz, w.period_start) as was_start,
             coalesce((n.snapshot->>'period_end')::timestamptz, w.period_end) as was_end
        from subctl.subscription_segments g
        join subctl.subscriptions s on s.customer_id = g.customer_id and s.id = g.subscription_id
       cross join lateral (
         select x.from_at, x.snapshot, x.status in ('canceled', 'expired') as is_end
           from subctl.subscription_segments x
          where x.customer_id = $1 and x.subscription_id = g.subscription_id and x.from_at > g.from_at
            and x.from_at <= $4
          order by x.from_at limit 1) n
       cross join lateral (   -- that ran until the end, or until a plan that was waiting came
         select case when n.is_end then s.current_period_start
                     when n.from_at <= g.period_end then g.period_start
                     else lower(subctl.period_at(g.anchor, g.every, n.from_at - interval '1 microsecond',
                                                 g.anchor_timezone))
                end as period_start,
                case when n.is_end then s.current_period_end else n.from_at end as period_end) w
       where g.customer_id = $1 and g.plan_id = $2 and g.status not in ('canceled', 'expired') and g.from_at < $4
       order by g.from_at desc limit 1) r
   cross join lateral (
     select case when r.every <> $3 then subctl.period_at(r.anchor, $3, $4, r.anchor_timezone)
                 else tstzrange(r.was_start, greatest(r.was_end, coalesce(r.tried_until,
                        upper(subctl.period_at(r.anchor, $3, greatest(r.was_start, r.anchor), r.anchor_timezone)))))
            end as period) o
   cross join lateral (select lower(o.period) as starts, upper(o.period) as ends) p
   where r.ended_at > p.starts and $4 < p.ends
$$;
