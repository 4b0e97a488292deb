-- The number of a customer's next invoice, or of the one `ahead` of the newest: eight signs of the customer, then the customer's own
-- sequence. The caller has locked the customer.
create or replace function subctl.invoice_number(customer text, ahead int) returns text
language sql stable as $$
  select upper(left(md5($1), 8)) || '-' || lpad(n.sequence, greatest(4, length(n.sequence)), '0')
    from (select (count(*) + $2)::text as sequence from subctl.invoices o where o.customer_id = $1) n
$$;
