-- Starts a subscription to one plan version for each customer at its instant: subscription row and first phase. The
-- anchor is the start, or the trial's end; its zone the customer's. A free plan that is taken again within its earlier
-- period continues it, without a trial (R32). With an end, `ends_at`, it renews until then and no longer. Customers
-- with a live subscription are left alone. The caller has locked the customers, and posts due credits afterwards.
-- Returns the customers that got one.
create or replace function subctl_internal.start_subscriptions(
  p_customers text[], p_started_at timestamptz[], p_plan text, p_version int, p_every text, p_currency text,
  p_price numeric, p_collection text, p_trial_days int, p_auto_renew boolean, p_ends_at timestamptz,
  p_assigned_by text, p_note text, p_cause text, p_reason text, p_as_of timestamptz, p_change text)
returns table (customer_id text, subscription_id uuid)
language sql volatile as $$
  with asked as (
    select t.customer_id, t.started_at, subctl_internal.uuid7(t.started_at) as id,
           subctl_internal.zone_of(t.customer_id, t.started_at) as zone,
           coalesce((select max(o.epoch) from subctl.subscriptions o where o.customer_id = t.customer_id),
                    0) + 1 as epoch
      from unnest(p_customers, p_started_at) t(customer_id, started_at)
     where not exists (select 1 from subctl.subscriptions l
                       where l.customer_id = t.customer_id and l.status in ('trialing', 'active', 'past_due', 'paused'))
  ), begun as (
    select a.*, b.anchor is not null as again, b.anchor, b.anchor_timezone, b.starts, b.ends, b.usage_from,
           case when p_trial_days > 0 and b.anchor is null then
             subctl_internal.local_instant((a.started_at at time zone a.zone) + make_interval(days => p_trial_days),
                                           a.zone) end as trial_end
      from asked a
      left join lateral subctl_internal.period_before(a.customer_id, p_plan, p_every,
                                                      a.started_at) b on p_collection in ('free', 'complimentary')
  ), planned as (
    select b.customer_id, b.id, b.epoch, b.started_at, b.trial_end, coalesce(b.anchor, b.started_at) as anchor,
           coalesce(b.anchor_timezone, b.zone) as zone,
           coalesce(b.starts, b.started_at) as starts, coalesce(b.usage_from, b.started_at) as usage_from,
           case when b.again then b.ends
                else coalesce(b.trial_end, subctl_internal.period_start(b.started_at, p_every, 1, b.zone)) end as ends
      from begun b
  ), made as (
    insert into subctl.subscriptions (customer_id, id, status, plan_id, version, every, currency, price, collection,
                                      anchor, anchor_timezone, started_at,
      from_at, current_period_start, current_period_end, trial_end, ends_at, auto_renew, usage_reset_at, epoch,
      assigned_by, note, change_id)
    select p.customer_id, p.id, case when p.trial_end is null then 'active' else 'trialing' end, p_plan, p_version,
           p_every, p_currency, p_price, p_collection,
           p.anchor, p.zone, p.started_at, p.started_at, p.starts, least(p.ends, p_ends_at), p.trial_end, p_ends_at,
           p_auto_renew or coalesce(p_ends_at > p.ends, false), p.usage_from,
           p.epoch, p_assigned_by, p_note, p_change
      from planned p
    on conflict do nothing
    returning customer_id, id, status, plan_id, version, every, anchor, anchor_timezone, from_at,
              current_period_start, current_period_end
  ), segments as (
    insert into subctl.subscription_phases (customer_id, subscription_id, from_at, previous_status, status, plan_id,
                                              version, every, anchor,
      anchor_timezone, period_start, period_end, cause, reason, written_at, change_id)
    select m.customer_id, m.id, m.from_at, 'none', m.status, m.plan_id, m.version, m.every, m.anchor,
           m.anchor_timezone, m.current_period_start,
           m.current_period_end, p_cause, p_reason, p_as_of, p_change from made m
    returning customer_id
  )
  select m.customer_id, m.id from made m
$$;
