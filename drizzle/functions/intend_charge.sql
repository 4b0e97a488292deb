-- Writes that an open invoice is to be charged, before anybody is asked for money: one attempt at a time, whose key is the subscription, the
-- period and the attempt. One that is under way is given back as it is. Null where there is nothing to charge any more.
create or replace function subctl.intend_charge(customer text, invoice uuid, provider text, amount_minor bigint, as_of timestamptz, change text) returns uuid
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp as $$
#variable_conflict use_column
declare
  p_customer alias for $1; p_invoice alias for $2; p_provider alias for $3; p_minor alias for $4; p_at alias for $5; p_change alias for $6;
  i record;
  v_payment uuid;
  v_attempt int;
begin
  perform subctl.lock_customers(array[p_customer]);
  select p.id into v_payment from subctl.payments p
   where p.customer_id = p_customer and p.invoice_id = p_invoice and p.status in ('intended', 'processing', 'requires_action');
  if found then return v_payment; end if;
  update subctl.invoices v set collect_at = null
   where v.customer_id = p_customer and v.id = p_invoice and v.status = 'open' and v.collect_at <= p_at
  returning v.* into i;
  if not found then return null; end if;
  select 1 + count(*) into v_attempt from subctl.payments p where p.customer_id = p_customer and p.invoice_id = p_invoice;
  v_payment := subctl.uuid7(p_at);
  insert into subctl.payments (customer_id, id, invoice_id, provider, reference, provider_id, status, amount, amount_minor, currency, attempt, at, ask_at, change_id)
  select p_customer, v_payment, p_invoice, p_provider, i.subscription_id || ':' || subctl.iso(i.period_start) || ':' || right(i.number, 4) || ':' || v_attempt,
         (select p.provider_id from subctl.payments p where p.customer_id = p_customer and p.invoice_id = p_invoice and p.provider = p_provider order by p.attempt desc limit 1),
         'intended', i.total, p_minor, i.currency, v_attempt, p_at, p_at, p_change;
  return v_payment;
end $$;
