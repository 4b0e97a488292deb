-- Returns the number of a customer's invoice: eight characters for the customer, then the customer's own sequence,
-- which is the number of existing invoices plus one. The caller has locked the customer.
create or replace function subctl_internal.invoice_number(customer text, sequence bigint) returns text
language sql immutable parallel safe as $$
  select upper(left(md5($1), 8)) || '-' || to_char($2, 'FM999999990000')
$$;
