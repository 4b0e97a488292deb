-- Lists subscriptions of some customers that a run would charge more than is plausible, with the reason (R37): too
-- many charges in one run, too many within a day, or a period that begins too long after the last one. The bounds are
-- settings. Free subscriptions, and periods that are not charged (`charge_missed` none), are not listed.
create or replace function subctl_internal.excessive_charges(
  p_as_of timestamptz, p_customers text[], p_charge_missed text)
returns table (customer_id text, reason text)
language sql stable as $$
  with bound as materialized (
    select coalesce(subctl_internal.setting('charges_per_run')::int, 12) as run,
           coalesce(subctl_internal.setting('charges_per_day')::int, 15) as day,
           coalesce(subctl_internal.setting('charge_months_ahead')::int, 36) as months
  )
  select s.customer_id,
         case when x.due_at < l.since then 'the period of ' || s.plan_id || ' to charge begins more than ' || b.months
         || ' months after ' || subctl_internal.iso(x.due_at) || ', when the last one ended'
              when n.charges > b.run then s.plan_id || ' would be charged ' || n.charges || ' times in one run, and '
                || b.run || ' is the maximum'
              else s.plan_id || ' would be charged ' || n.charges + d.charges || ' times within a day, and ' || b.day
                || ' is the maximum' end
    from subctl.due_period_renewals x
    join subctl.subscriptions s on s.customer_id = x.customer_id and s.id = x.subscription_id
   cross join bound b
   cross join lateral (select ((p_as_of at time zone 'UTC') - make_interval(months => b.months)) at time zone 'UTC' as
                       since) l
   cross join lateral (   -- no period is shorter than a day
     select case when p_charge_missed <> 'all' or x.due_at > p_as_of - interval '24 hours' then 1
                 else subctl_internal.period_index(a.anchor, a.every, p_as_of, s.anchor_timezone)
                      - subctl_internal.period_index(a.anchor, a.every, x.due_at, s.anchor_timezone) + 1
                        - s.complimentary_periods end as charges
       from (select y.every, subctl_internal.next_anchor(s.anchor, s.every, y.every, s.status = 'trialing', x.due_at,
                                                         s.anchor_timezone) as anchor
               from (select case when x.action = 'change plan' then coalesce(s.pending_every, s.every)
                            else s.every end as every) y) a
     offset 0) n
   cross join lateral (
     select count(*) filter (where r.at > p_as_of - interval '24 hours') as charges
       from (select h.at from subctl.renewals h
              where h.customer_id = s.customer_id and h.subscription_id = s.id and h.amount is not null
              order by h.period_start desc limit b.day) r) d
   where x.customer_id = any (p_customers) and x.due_at <= p_as_of and p_charge_missed <> 'none'
     and coalesce(s.pending_collection, s.collection) not in ('free', 'complimentary')
     and coalesce(s.pending_price, s.price) > 0
     and n.charges > 0
     and (n.charges > b.run or n.charges + d.charges > b.day or x.due_at < l.since)
$$;
