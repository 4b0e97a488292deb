-- Counts the redemptions of each code, in total and by customer.
create or replace view subctl.integrity_discounts as
select '' as customer_id, 'uses of ' || d.code as subject, d.max_uses || ' at most' as expected,
       count(*)::text as found
  from subctl.discounts d join subctl.discount_redemptions r on r.code = d.code group by d.code, d.max_uses
having count(*) > d.max_uses
union all
select r.customer_id, 'uses of ' || d.code, d.max_uses_per_customer || ' at most', count(*)::text
  from subctl.discounts d join subctl.discount_redemptions r on r.code = d.code
 group by r.customer_id, d.code, d.max_uses_per_customer having count(*) > d.max_uses_per_customer
union all
select r.customer_id, 'invoice of a use of ' || r.code, 'an invoice', 'none'
  from subctl.discount_redemptions r
 where r.invoice_id is not null and not exists (select 1 from subctl.invoices i
                                                 where i.customer_id = r.customer_id and i.id = r.invoice_id);
comment on view subctl.integrity_discounts is
  'R45: No discount code was used more often than it allows';
