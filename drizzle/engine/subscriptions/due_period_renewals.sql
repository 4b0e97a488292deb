-- Lists subscriptions that renew at their period's end, `due_at`, except at the end of their term. A pending plan with
-- an instant cuts the period short there. An unpaid invoice that fell due before that end stops the renewal, so that
-- events apply in order of time.
create or replace view subctl.due_period_renewals as
select s.customer_id, s.id as subscription_id,
       case when s.status = 'trialing' then 'start after trial' when c.changes then 'change plan'
            else 'renew' end as action,
       case when s.status = 'trialing' then 'the trial of ' || s.plan_id || ' is over'
            when c.changes then s.plan_id || ' becomes ' || s.pending_plan_id
            else 'the period of ' || s.plan_id || ' that began at ' || subctl_internal.iso(s.current_period_start)
              || ' is over' end
         || case c.collection when 'invoice' then ', an invoice is due' when 'charge' then ', to be charged'
                 else ', ' || c.collection end as reason,
       s.current_period_end as due_at
  from subctl.subscriptions s
 cross join lateral (
   select s.pending_plan_id is not null and (s.pending_at is null or s.pending_at <= s.current_period_end) as changes,
          case when s.pending_plan_id is not null and (s.pending_at is null or s.pending_at <= s.current_period_end)
               then coalesce(s.pending_collection, s.collection) else s.collection end as collection) c
 where s.status in ('trialing', 'active') and s.auto_renew and not s.cancel_at_period_end
   and s.current_period_end is distinct from s.ends_at
   and s.collection in ('free', 'complimentary', 'invoice', 'charge')
   and (s.collection <> 'invoice' or not exists (
     select 1 from subctl.invoices i
      where i.customer_id = s.customer_id and i.subscription_id = s.id and i.status = 'open'
        and i.due_at <= s.current_period_end));
