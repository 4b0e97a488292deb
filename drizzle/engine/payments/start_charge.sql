-- Records that an open invoice will be charged, before the payment provider is asked. There is one attempt at a time;
-- its key consists of the subscription, the period and the attempt. Returns the pending attempt if there is one, and
-- null if nothing is left to charge. Locks the customer.
create or replace function subctl_internal.start_charge(
  p_customer text, p_invoice uuid, p_provider text, p_amount_minor bigint, p_as_of timestamptz, p_change text)
returns uuid
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp as $$
declare
  v_invoice record;
  v_payment uuid;
  v_attempt int;
begin
  perform subctl_internal.lock_subscriptions(array[p_customer]);
  select p.id into v_payment from subctl.payments p
   where p.customer_id = p_customer and p.invoice_id = p_invoice
     and p.status in ('intended', 'processing', 'requires_action');
  if found then return v_payment; end if;
  update subctl.invoices v set collect_at = null
   where v.customer_id = p_customer and v.id = p_invoice and v.status = 'open' and v.collect_at <= p_as_of
  returning v.* into v_invoice;
  if not found then return null; end if;
  select 1 + count(*) into v_attempt from subctl.payments p
   where p.customer_id = p_customer and p.invoice_id = p_invoice;
  v_payment := subctl_internal.uuid7(p_as_of);
  insert into subctl.payments (customer_id, id, invoice_id, provider, reference, provider_id, status, amount,
                               amount_minor, currency, attempt, at, ask_at, change_id)
  select p_customer, v_payment, p_invoice, p_provider,
         v_invoice.subscription_id || ':' || subctl_internal.iso(v_invoice.period_start) || ':'
           || right(v_invoice.number, 4)
           || ':' || v_attempt,
         (select p.provider_id from subctl.payments p
           where p.customer_id = p_customer and p.invoice_id = p_invoice and p.provider = p_provider
           order by p.attempt desc limit 1),
         'intended', v_invoice.total, p_amount_minor, v_invoice.currency, v_attempt, p_as_of, p_as_of, p_change;
  return v_payment;
end $$;
