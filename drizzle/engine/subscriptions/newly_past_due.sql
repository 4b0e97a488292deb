-- Lists live subscriptions that are not past due yet with their first unpaid invoice, due at `due_at`. An invoice that
-- falls due after the period's end waits until the next period is written, so that events apply in order of time.
create or replace view subctl.newly_past_due as
select s.customer_id, s.id as subscription_id, 'past due'::text as action,
       'invoice ' || i.number || ' of ' || subctl_internal.in_currency(i.total, i.currency) || ' ' || i.currency
         || ' was due' as reason, i.due_at
  from subctl.invoices i
  join subctl.subscriptions s on s.customer_id = i.customer_id and s.id = i.subscription_id
   and s.status in ('trialing', 'active') and s.collection = 'invoice'
 where i.status = 'open'
   and (i.due_at < s.current_period_end
        or i.due_at = s.current_period_end and s.auto_renew and not s.cancel_at_period_end
       and s.ends_at is distinct from i.due_at)
   and not exists (select 1 from subctl.invoices o
                    where o.customer_id = i.customer_id and o.subscription_id = i.subscription_id and o.status = 'open'
                      and (o.due_at, o.id) < (i.due_at, i.id));
