-- Compares renewals with the invoices that they name, in both directions: amount, period and subscription.
create or replace view subctl.integrity_billed_periods as
select r.customer_id, 'invoice of the period from ' || subctl_internal.iso(r.period_start) as subject,
       coalesce(trim_scale(r.amount)::text, 'one') as expected,
       coalesce(trim_scale(l.amount)::text, 'none') as found
  from subctl.renewals r
  left join lateral (select sum(x.amount) as amount from subctl.invoice_lines x
                      where x.customer_id = r.customer_id and x.invoice_id = r.invoice_id
                        and x.kind = 'plan') l on true
 where r.outcome in ('invoiced', 'paid') and l.amount is distinct from r.amount
union all
select i.customer_id, 'period of invoice ' || i.number,
       subctl_internal.iso(r.period_start) || ' to ' || subctl_internal.iso(r.period_end),
       subctl_internal.iso(i.period_start) || ' to ' || subctl_internal.iso(i.period_end)
  from subctl.renewals r join subctl.invoices i on i.customer_id = r.customer_id and i.id = r.invoice_id
 where i.period_start <> r.period_start or i.period_end <> r.period_end
    or i.subscription_id is distinct from r.subscription_id
union all
select i.customer_id, 'period of invoice ' || i.number,
       'a renewal or a first period from ' || subctl_internal.iso(i.period_start), 'none'
  from subctl.invoices i
 where i.source_key like 'sub:%' and i.source_key = 'sub:' || i.subscription_id || ':'
   || subctl_internal.iso(i.period_start)
   and not exists (select 1 from subctl.renewals r where r.customer_id = i.customer_id and r.invoice_id = i.id)
   and not exists (select 1 from subctl.subscriptions s
                    where s.customer_id = i.customer_id and s.id = i.subscription_id
                      and s.started_at = i.period_start)
union all
select i.customer_id, 'subscription of invoice ' || i.number, 'one of the customer', i.subscription_id::text
  from subctl.invoices i
 where i.subscription_id is not null
   and not exists (select 1 from subctl.subscriptions s
                    where s.customer_id = i.customer_id and s.id = i.subscription_id);
comment on view subctl.integrity_billed_periods is
  'R36: Every invoiced renewal has its invoice, and every invoice of a period its renewal or first period';
