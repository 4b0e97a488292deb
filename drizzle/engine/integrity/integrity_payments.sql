-- Compares invoices with the payments kept for them (view kept). What came beyond the total was refunded or lost in a
-- dispute.
create or replace view subctl.integrity_payments as
with taken as (
  select k.customer_id, k.invoice_id, sum(k.paid) as amount, sum(k.kept) as kept, min(k.currency) as currency,
         max(k.currency) as other
    from subctl.net_payments k where k.invoice_id is not null group by 1, 2
), settled as (
  select i.customer_id, i.number, i.status, i.total, i.currency,
         i.balance + i.credit_notes + i.out_of_band as beside,
         coalesce(t.amount, 0) as amount, coalesce(t.kept, 0) as kept, t.currency as paid_in, t.other
    from subctl.invoices i left join taken t on t.customer_id = i.customer_id and t.invoice_id = i.id
)
select customer_id, 'payments of invoice ' || number as subject, trim_scale(total) || ' ' || currency as expected,
       case when amount + beside = 0 then 'none'
            else trim_scale(case when kept + beside > total then kept + beside else amount + beside end) || ' '
              || coalesce(paid_in, currency) end as found
  from settled
 where status = 'paid' and total <> 0
   and (amount + beside < total or kept + beside > total or paid_in <> currency or other <> currency)
union all
select customer_id, 'invoice ' || number, 'paid: ' || trim_scale(amount) || ' ' || paid_in || ' was taken', status
  from settled where status <> 'paid' and kept > 0 and kept + beside >= total
union all
select p.customer_id, 'payment ' || p.reference, 'an invoice ' || p.invoice_id, 'none'
  from subctl.payments p
 where p.invoice_id is not null and not exists (select 1 from subctl.invoices i
                                                 where i.customer_id = p.customer_id and i.id = p.invoice_id)
union all
select p.customer_id, 'payments with reference ' || p.reference, '1', count(*)::text
  from subctl.payments p group by p.customer_id, p.provider, p.reference having count(*) > 1
union all
select p.customer_id, 'status of payment ' || p.reference,
       case p.refunded_minor when 0 then 'paid' when p.amount_minor then 'refunded' else 'partially_refunded' end,
       p.status
  from subctl.payments p
 where p.status in ('paid', 'refunded', 'partially_refunded')
   and p.status <> case p.refunded_minor when 0 then 'paid' when p.amount_minor then 'refunded'
                        else 'partially_refunded' end;
comment on view subctl.integrity_payments is
  'R35: A paid invoice is settled once by payments, balance, credit notes and out of band, and money kept for an '
  'invoice has paid it';
