import type { Proof } from '../proof.ts';

/** A paid invoice has its money, once: what came beyond it was given back; and money that was taken for an invoice, and kept, has paid it. */
export const payments: Proof = {
  name: 'payments',
  proves: 'A paid invoice has its money, once, and money that was taken for an invoice has paid it',
  disagreements: (db) => db`
    with taken as (
      select p.customer_id, p.invoice_id, sum(p.amount) as amount, sum(p.amount - coalesce(r.amount, 0)) as kept, min(p.currency) as currency, max(p.currency) as other
        from subctl.payments p
        left join lateral (select sum(x.amount) as amount from subctl.refunds x
                            where x.customer_id = p.customer_id and x.payment_id = p.id and x.status = 'refunded') r on true
       where p.status in ('paid', 'refunded', 'partially_refunded') and p.invoice_id is not null group by 1, 2
    )
    select i.customer_id as customer, 'payments of invoice ' || i.number as what, trim_scale(i.total) || ' ' || i.currency as expected,
           coalesce(trim_scale(case when t.kept > i.total then t.kept else t.amount end) || ' ' || t.currency, 'none') as found
      from subctl.invoices i left join taken t on t.customer_id = i.customer_id and t.invoice_id = i.id
     where i.status = 'paid' and i.total <> 0 and (coalesce(t.amount, 0) < i.total or t.kept > i.total or t.currency <> i.currency or t.other <> i.currency)
    union all
    select i.customer_id, 'invoice ' || i.number, 'paid: ' || trim_scale(t.amount) || ' ' || t.currency || ' was taken', i.status
      from subctl.invoices i join taken t on t.customer_id = i.customer_id and t.invoice_id = i.id
     where i.status <> 'paid' and t.kept >= i.total and t.kept > 0
    union all
    select p.customer_id, 'payment ' || p.reference, 'an invoice ' || p.invoice_id, 'none'
      from subctl.payments p
     where p.invoice_id is not null and not exists (select from subctl.invoices i where i.customer_id = p.customer_id and i.id = p.invoice_id)
    union all
    select p.customer_id, 'payments with reference ' || p.reference, '1', count(*)::text
      from subctl.payments p group by p.customer_id, p.provider, p.reference having count(*) > 1
    union all
    select p.customer_id, 'status of payment ' || p.reference,
           case p.refunded_minor when 0 then 'paid' when p.amount_minor then 'refunded' else 'partially_refunded' end, p.status
      from subctl.payments p
     where p.status in ('paid', 'refunded', 'partially_refunded')
       and p.status <> case p.refunded_minor when 0 then 'paid' when p.amount_minor then 'refunded' else 'partially_refunded' end`,
};
