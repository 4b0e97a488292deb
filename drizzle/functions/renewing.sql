-- Subscriptions with something to renew at `due_at`, and why: the next period of what renews by itself, and invoices that stay unpaid. What
-- comes first in time comes first: an invoice that fell due before a period's end stops its renewal.
create or replace view subctl.renewing as
select s.customer_id, s.id as subscription_id,
       case when s.status = 'trialing' then 'start after trial' when s.pending_plan_id is not null then 'change plan' else 'renew' end as action,
       case when s.status = 'trialing' then 'the trial of ' || s.plan_id || ' is over'
            when s.pending_plan_id is not null then s.plan_id || ' becomes ' || s.pending_plan_id
            else 'the period of ' || s.plan_id || ' that began at ' || subctl.iso(s.current_period_start) || ' is over' end
         || case when s.collection = 'invoice' then ', an invoice is due' else ', ' || s.collection end as reason,
       s.current_period_end as due_at
  from subctl.subscriptions s
 where s.status in ('trialing', 'active', 'past_due') and s.status <> 'past_due' and s.auto_renew and not s.cancel_at_period_end
   and s.collection in ('free', 'complimentary', 'invoice')
   and (s.collection <> 'invoice' or not exists (
     select 1 from subctl.invoices i where i.customer_id = s.customer_id and i.subscription_id = s.id and i.status = 'open' and i.due_at <= s.current_period_end))
union all
select s.customer_id, s.id, 'past due', 'invoice ' || i.number || ' of ' || i.total || ' ' || i.currency || ' was due', i.due_at
  from subctl.invoices i
  join subctl.subscriptions s on s.customer_id = i.customer_id and s.id = i.subscription_id and s.status in ('trialing', 'active') and s.collection = 'invoice'
 where i.status = 'open'
   and not exists (select 1 from subctl.invoices o where o.customer_id = i.customer_id and o.subscription_id = i.subscription_id and o.status = 'open'
                      and (o.due_at, o.id) < (i.due_at, i.id));
