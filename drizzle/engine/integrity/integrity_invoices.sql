-- Sums the lines of each invoice, and checks numbers, source keys, line amounts and the dates that each status needs.
create or replace view subctl.integrity_invoices as
with sums as (
  select i.customer_id, i.id, i.number, i.total, sum(l.amount) as lines
    from subctl.invoices i left join subctl.invoice_lines l on l.customer_id = i.customer_id and l.invoice_id = i.id
   group by i.customer_id, i.id, i.number, i.total
)
select customer_id, 'total of invoice ' || number as subject,
       coalesce(trim_scale(lines)::text, 'no lines') as expected, trim_scale(total)::text as found
  from sums where total is distinct from lines
union all
select customer_id, 'invoices with number ' || number, '1', count(*)::text from subctl.invoices
 group by customer_id, number having count(*) > 1
union all
select customer_id, 'newest number', count(*)::text, max(substring(number from '[0-9]+$')::bigint)::text
  from subctl.invoices group by customer_id
having max(substring(number from '[0-9]+$')::bigint) is distinct from count(*)
union all
select customer_id, 'invoices for ' || source_key, '1', count(*)::text from subctl.invoices
 group by customer_id, source_key having count(*) > 1
union all
select l.customer_id, 'line ' || l.position || ' of ' || i.number, trim_scale(l.quantity * l.unit_amount)::text,
       trim_scale(l.amount)::text
  from subctl.invoice_lines l join subctl.invoices i on i.customer_id = l.customer_id and i.id = l.invoice_id
 where l.kind = 'plan' and l.details is null and l.amount <> l.quantity * l.unit_amount
union all
select l.customer_id, 'line of invoice ' || l.invoice_id, 'an invoice', 'none'
  from subctl.invoice_lines l where not exists (select 1 from subctl.invoices i
                                                 where i.customer_id = l.customer_id and i.id = l.invoice_id)
union all
select customer_id, 'dates of invoice ' || number, 'an instant when ' || status,
       coalesce(subctl_internal.iso(paid_at), 'not paid') || ', ' || coalesce(subctl_internal.iso(voided_at),
                                                                              'not void')
  from subctl.invoices where (status = 'paid') <> (paid_at is not null)
    or (status = 'void') <> (voided_at is not null);
comment on view subctl.integrity_invoices is
  'R27: Every invoice is the sum of its lines, and invoice numbers are unique and have no gaps';
