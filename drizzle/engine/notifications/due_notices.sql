-- Lists due notifications that the outbox lacks: the highest threshold that a limit has reached (R39), low credits,
-- trials and subscriptions that end, paid renewals; and notifications to the operator (customer ''). `dedupe_key`
-- makes each unique. Fields are texts for a template.
create or replace function subctl_internal.due_notices(
  p_as_of timestamptz, p_one_customer text default null, p_batch int default null)
returns table (customer_id text, kind text, dedupe_key text, payload jsonb, due_at timestamptz)
language sql stable as $$
  (with reached as (
     select distinct on (a.customer_id, a.meter_id, a."window", a.scope, a.subject, a.window_start, a.limit_value) a.*
       from subctl.alerts a
      where a.at > p_as_of - interval '168 hours' and a.at <= p_as_of
        and (p_one_customer is null or a.customer_id = p_one_customer)
      order by a.customer_id, a.meter_id, a."window", a.scope, a.subject, a.window_start, a.limit_value,
      a.threshold desc
   ), news as (
     select r.*, concat_ws(':', 'limit', r.meter_id, r."window", r.scope, r.subject,
                           subctl_internal.iso(r.window_start),
                           trim_scale(r.limit_value), trim_scale(r.threshold)) as key
       from reached r
   )
   select n.customer_id, 'limit', n.key,
          jsonb_build_object('customer', n.customer_id, 'plan', coalesce(s.plan_id, ''), 'meter',
                             replace(n.meter_id, '_', ' '), 'window', replace(n."window", '_', ' '),
            'member', n.subject, 'threshold', trim_scale(n.threshold)::text, 'percent',
            trim_scale(round(n.used * 100 / n.limit_value, 2))::text,
            'used', trim_scale(n.used)::text, 'limit', trim_scale(n.limit_value)::text,
            'resets', case when n."window" like 'rolling%' then 'as earlier usage leaves the window'
                           when w.window_end < 'infinity' then 'on ' || subctl_internal.local_text(n.customer_id,
                                                                                                   w.window_end)
                             else 'never' end,
            'suggestion', coalesce((select format('Plan %s, %s %s for %s, would cover it.', p.plan,
                                                  subctl_internal.in_currency(p.price::numeric, p.currency), p.currency,
                                                  subctl_internal.interval_words(p.every))
                                      from subctl.suggest_plan(n.customer_id, p_as_of) p), '')), n.at
     from news n
     left join subctl.subscriptions s on s.customer_id = n.customer_id
       and s.status in ('trialing', 'active', 'past_due', 'paused')
     left join lateral (
       select x.window_end from subctl.window_usage x
        where x.customer_id = n.customer_id and x.meter_id = n.meter_id and x."window" = n."window"
          and x.scope = n.scope and x.subject = n.subject
          and x.window_start = n.window_start limit 1) w on true
    where not exists (select from subctl.notifications o where o.customer_id = n.customer_id and o.dedupe_key = n.key)
    order by n.at limit p_batch)
  union all
  (select g.customer_id, 'credits', g.key,
          jsonb_build_object('customer', g.customer_id, 'plan', s.plan_id, 'threshold', trim_scale(g.threshold)::text,
            'percent', trim_scale(round((g.amount - g.remaining) * 100 / g.amount, 2))::text, 'used',
            trim_scale(g.amount - g.remaining)::text,
            'limit', trim_scale(g.amount)::text, 'left', trim_scale(g.remaining)::text,
            'resets', coalesce(
              'on ' || subctl_internal.local_text(g.customer_id, subctl_internal.next_credits(g.customer_id, p_as_of)),
              'only with another plan'),
            'suggestion', coalesce((select format('Plan %s, %s %s for %s, includes more.', p.plan,
                                                  subctl_internal.in_currency(p.price::numeric, p.currency), p.currency,
                                                  subctl_internal.interval_words(p.every))
                                      from subctl.suggest_plan(g.customer_id, p_as_of) p), '')), p_as_of
     from (select c.*, t.threshold, concat_ws(':', 'credits', c.id, trim_scale(t.threshold)) as key
             from subctl.credit_grants c
            cross join lateral (
              select max(th) as threshold from subctl.subscriptions x
                join subctl.plan_versions v on v.plan_id = x.plan_id and v.version = x.version cross
                  join lateral unnest(v.alert_thresholds) th
               where x.customer_id = c.customer_id and x.status in ('trialing', 'active', 'past_due')
                 and (c.amount - c.remaining) * 100 >= c.amount * th) t
            where c.source = 'plan' and c.expired_at is null and c.remaining * 2 < c.amount
              and c.granted_at <= p_as_of and (c.expires_at is null or c.expires_at > p_as_of)
              and (p_one_customer is null or c.customer_id = p_one_customer) and t.threshold is not null) g
     join subctl.subscriptions s on s.customer_id = g.customer_id and s.status in ('trialing', 'active', 'past_due')
    where not exists (select from subctl.notifications o where o.customer_id = g.customer_id and o.dedupe_key = g.key)
    limit p_batch)
  union all
  (select s.customer_id, s.kind, s.key,
          jsonb_build_object('customer', s.customer_id, 'plan', s.plan_id, 'ends',
                             subctl_internal.local_text(s.customer_id, s.current_period_end),
            'price', case when s.cost > 0 then format('%s %s', subctl_internal.in_currency(s.cost, s.currency),
                                                      s.currency)
                     else '' end,
            'then', case when s.kind = 'ending'
                    then coalesce((select format('Plan %s follows.', f) from subctl_internal.fallback_plan(s.plan_id) f
                                   where f is not null), 'Access ends then.')
                         when s.cost > 0 then format('It then renews at %s %s for %s.',
                                                     subctl_internal.in_currency(s.cost, s.currency), s.currency,
                                                     subctl_internal.interval_words(s.every))
                                                       else 'It then renews.' end),
          s.current_period_end - make_interval(hours => 24 * s.days)
     from (select x.*, c.kind, d.days, trim_scale(coalesce(x.pending_price, x.price) * x.quantity) as cost,
                  concat_ws(':', c.kind, x.id, subctl_internal.iso(x.current_period_end)) as key
             from subctl.subscriptions x
            cross join lateral (
              select case when x.cancel_at_period_end
                     or not x.auto_renew then 'ending' when x.status = 'trialing' then 'trial_ending'
                       else 'renewal' end as kind) c
            cross join lateral (select coalesce(subctl_internal.setting(c.kind || '_notice_days')::int,
                                                case c.kind when 'trial_ending' then 3 else 7 end) as days) d
            where x.status in ('trialing', 'active') and x.current_period_end > p_as_of
              and x.current_period_end <= p_as_of + interval '1440 hours'
              and x.current_period_end <= p_as_of + make_interval(hours => 24 * d.days)
              and (p_one_customer is null or x.customer_id = p_one_customer)
              and (c.kind <> 'renewal' or (x.collection in ('invoice', 'charge')
                                           and coalesce(x.pending_price, x.price) > 0 and x.complimentary_periods = 0
                                           and x.current_period_end - x.current_period_start >= interval
                                             '480 hours'))) s
    where not exists (select from subctl.notifications o where o.customer_id = s.customer_id and o.dedupe_key = s.key)
    order by s.current_period_end limit p_batch)
  union all
  (select * from subctl_internal.due_key_notices(p_as_of) where p_one_customer is null limit p_batch)
$$;
