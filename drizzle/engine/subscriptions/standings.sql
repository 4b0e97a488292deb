-- Returns `standing` of all customers at an instant, or of those in `customers`, as a set. Customers whose subscription
-- row decides it by its dates, those whose last subscription has ended, and those who never had one, are read in bulk.
-- Only the others are computed one by one.
create or replace function subctl_internal.standings(as_of timestamptz, customers text[] default null)
returns table (customer_id text, subscription_id uuid, plan_id text, version int, status text, access boolean,
               basis text)
language sql stable as $$
  with known as materialized (
    select c.id as customer, s.id as subscription, s.plan_id, s.version, s.status,
           s.assigned_by = 'subctl' and s.collection = 'free' and s.status = 'active' as fell,
           coalesce(c.disabled_at <= $1, false) as disabled,
           s.id is null and (coalesce(c.disabled_at <= $1, false)
                             or exists (select 1 from subctl.subscriptions h where h.customer_id = c.id)) as asked
      from subctl.customers c
      left join subctl.subscriptions s
        on s.customer_id = c.id and s.status in ('trialing', 'active') and s.from_at <= $1
       and s.current_period_start <= $1 and s.current_period_end > $1
       and (c.disabled_at is null or c.disabled_at > $1)
       and (s.collection <> 'invoice' or not exists (
         select 1 from subctl.invoices i
          where i.customer_id = s.customer_id and i.subscription_id = s.id and i.status = 'open' and i.due_at <= $1))
     where $2 is null or c.id in (select unnest($2))
  ), ended as materialized (
    select k.customer, k.disabled, h.id, h.plan_id, h.version, h.status, subctl_internal.fallback_plan(h.plan_id)
      as falls_to
      from known k
     cross join lateral (
       select x.* from subctl.subscriptions x where x.customer_id = k.customer and x.started_at <= $1
        order by x.started_at desc, (x.ended_at is null) desc, x.id desc limit 1) h
     where k.asked and h.status in ('canceled', 'expired') and h.ended_at <= $1
       and h.from_at <= $1 and h.current_period_start <= $1
  )
  select k.customer, case when not k.fell then k.subscription end, k.plan_id, k.version,
         case when k.fell then 'none' else k.status end, true,
         case when k.fell then 'fallback' else 'subscription' end
    from known k where k.subscription is not null
  union all
  select k.customer, null, d.id, d.current_version, 'none', d.id is not null,
         case when d.id is null then 'none' else 'default' end
    from known k left join subctl.plans d on d.is_default
   where k.subscription is null and not k.asked
  union all
  select e.customer, case when f.id is null then e.id end, coalesce(f.id, e.plan_id),
         case when f.id is null then e.version else f.current_version end,
         case when f.id is null then e.status else 'none' end, f.id is not null and not e.disabled,
         case when f.id is null then 'subscription' else 'fallback' end
    from ended e left join subctl.plans f on f.id = e.falls_to
  union all
  select e.customer_id, e.subscription_id, e.plan_id, e.version, e.status, e.access, e.basis
    from (select k.customer from known k
           where k.asked and not exists (select 1 from ended x where x.customer = k.customer) offset 0) r
   cross join lateral subctl_internal.standing(r.customer, $1) e
$$;
