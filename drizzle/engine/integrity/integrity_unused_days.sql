-- Sums what was kept of the earlier invoices of the subscription: total, less refunds and lost disputes, plus the
-- credit that those invoices had taken over themselves.
create or replace view subctl.integrity_unused_days as
with credited as (
  select i.customer_id, i.id, i.number, i.subscription_id, i.issued_at, -l.amount as amount,
         (select array_agg((c->>'invoice')::uuid) from jsonb_array_elements(l.details->'credits') c) as sources
    from subctl.invoices i
    join subctl.invoice_lines l on l.customer_id = i.customer_id and l.invoice_id = i.id and l.kind = 'unused'
     and l.amount < 0
   where i.status <> 'void'
)
select c.customer_id, 'credit for unused days on invoice ' || c.number as subject,
       'at most ' || trim_scale(k.kept) as expected, trim_scale(c.amount)::text as found
  from credited c
 cross join lateral (
   select coalesce(sum(greatest(0, o.total - b.back) + coalesce(t.amount, 0)), 0) as kept
     from subctl.invoices o
    -- what was refunded or lost in disputes before
    cross join lateral (
      select (select coalesce(sum(r.amount), 0) from subctl.payments p
                join subctl.refunds r on r.customer_id = p.customer_id and r.payment_id = p.id
                 and r.status = 'refunded' and r.at < c.issued_at
               where p.customer_id = o.customer_id and p.invoice_id = o.id)
           + (select coalesce(sum(d.amount), 0) from subctl.payments p
                join subctl.disputes d on d.customer_id = p.customer_id and d.provider_id = p.provider_id
                 and d.kind = 'dispute' and d.status = 'lost' and d.closed_at < c.issued_at
               where p.customer_id = o.customer_id and p.invoice_id = o.id) as back) b
     left join credited t on t.customer_id = o.customer_id and t.id = o.id
    where o.customer_id = c.customer_id and o.subscription_id = c.subscription_id and o.id <> c.id
      and o.status <> 'void' and o.issued_at <= c.issued_at
      and (c.sources is null or o.id = any (c.sources))) k
 where c.amount > k.kept;
comment on view subctl.integrity_unused_days is
  'R30: No invoice credits more for unused days than was paid and kept of the invoices before it';
