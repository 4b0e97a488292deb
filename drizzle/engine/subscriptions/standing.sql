-- Returns what a customer has at an instant, for pages and counts: effective_subscription, with the `status` of a
-- subscription that the customer chose, or `none`. `basis` is where the plan comes from: subscription, fallback
-- (written or not), default, or none.
create or replace function subctl_internal.standing(customer text, as_of timestamptz)
returns table (customer_id text, subscription_id uuid, plan_id text, version int, status text, access boolean,
               reason text, every text, timezone text, period_start timestamptz, period_end timestamptz,
               since timestamptz, ends_at timestamptz, auto_renew boolean, collection text, basis text)
language sql stable as $$
  select e.customer_id, case when not f.fell then e.subscription_id end, e.plan_id, e.version,
         case when f.fell then 'none' else e.status end, e.access, e.reason, e.every, e.timezone, e.period_start,
         e.period_end, e.since, e.ends_at, e.auto_renew, e.collection,
         case when f.fell then 'fallback' else e.basis end
    from subctl_internal.effective_subscription($1, $2) e
    left join subctl.subscriptions s on s.customer_id = $1 and s.id = e.subscription_id
   cross join lateral (
     select e.basis = 'fallback'
         or e.status = 'active' and coalesce(s.assigned_by = 'subctl' and s.collection = 'free', false) as fell) f
$$;
