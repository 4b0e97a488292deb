-- What every customer stands on at an instant, as a set: effective_subscription for all of them. Where the head of a subscription says
-- it all by its dates, and where there never was one, that is read in bulk; only the rest is asked one by one.
create or replace function subctl.standings(as_of timestamptz)
returns table (customer_id text, subscription_id uuid, plan_id text, version int, status text, access boolean, basis text)
language sql stable as $$
  select c.id, coalesce(s.id, e.subscription_id),
         case when s.id is not null then s.plan_id when e.customer_id is not null then e.plan_id else d.id end,
         case when s.id is not null then s.version when e.customer_id is not null then e.version else d.current_version end,
         coalesce(s.status, e.status, 'none'),
         case when s.id is not null then true when e.customer_id is not null then e.access else d.id is not null end,
         case when s.id is not null then 'subscription' when e.customer_id is not null then e.basis when d.id is null then 'none' else 'default' end
    from subctl.customers c
    left join subctl.subscriptions s
      on s.customer_id = c.id and s.status in ('trialing', 'active') and s.from_at <= $1 and s.current_period_start <= $1 and s.current_period_end > $1
     and (c.disabled_at is null or c.disabled_at > $1)
    left join lateral (
      select x.* from subctl.effective_subscription(c.id, $1) x
       where s.id is null and (c.disabled_at <= $1 or exists (select from subctl.subscriptions h where h.customer_id = c.id))) e on true
    left join subctl.plans d on d.is_default
$$;
