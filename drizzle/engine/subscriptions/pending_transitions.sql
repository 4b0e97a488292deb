-- Lists customers whose plan has changed or ended by its dates at an instant without being written: since when, and
-- whether the subscription is over. Reads only subscriptions that need it by their dates.
create or replace function subctl_internal.pending_transitions(as_of timestamptz, customers text[])
returns table (customer_id text, since timestamptz, ended boolean)
language sql stable as $$
  select s.customer_id, e.since, e.subscription_id is distinct from s.id or e.status in ('canceled', 'expired')
    from subctl.subscriptions s
   cross join lateral subctl_internal.effective_subscription(s.customer_id, $1) e
   where s.customer_id = any ($2) and s.status in ('trialing', 'active', 'past_due', 'paused')
     and (s.current_period_end <= $1 and (s.cancel_at_period_end or not s.auto_renew or s.pending_plan_id is not null)
       or s.status = 'past_due' and s.grace_until <= $1 or s.ends_at <= $1
       or s.collection = 'invoice' and exists (
         select 1 from subctl.invoices i
          where i.customer_id = s.customer_id and i.subscription_id = s.id and i.status = 'open' and i.due_at <= $1))
     and e.since > s.from_at
$$;
