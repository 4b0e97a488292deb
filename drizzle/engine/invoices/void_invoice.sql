-- Voids an unpaid invoice; its subscription recovers if nothing else is due. The number stays used. Credits that later
-- invoices took for its unused days are removed from them. Refuses with SB004 while a payment for it is pending,
-- because it may still succeed. Locks the customer.
create or replace function subctl_internal.void_invoice(
  p_customer text, p_invoice uuid, p_as_of timestamptz, p_change text)
returns boolean
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp as $$
declare
  v_invoice record;
begin
  perform subctl_internal.lock_subscriptions(array[p_customer]);
  select * into v_invoice from subctl.invoices v where v.customer_id = p_customer and v.id = p_invoice;
  if not found then
    raise exception 'Customer % has no invoice %', p_customer, p_invoice
      using errcode = 'SB003', hint = 'subctl invoices list';
  end if;
  if v_invoice.status = 'paid' then
    raise exception 'Invoice % is paid: it can only be refunded', v_invoice.number
      using errcode = 'SB004', hint = 'subctl invoices refund ' || v_invoice.number;
  end if;
  if exists (select 1 from subctl.payments p
              where p.customer_id = p_customer and p.invoice_id = p_invoice
                and p.status in ('intended', 'processing', 'requires_action')) then
    raise exception 'A payment of invoice % is under way', v_invoice.number
      using errcode = 'SB004', hint = 'Wait for it: subctl payments list --invoice ' || v_invoice.number;
  end if;
  update subctl.invoices v set status = 'void', voided_at = p_as_of, collect_at = null
   where v.customer_id = p_customer and v.id = p_invoice and v.status <> 'void';
  if not found or v_invoice.subscription_id is null then return false; end if;
  perform subctl_internal.drop_unused_credits(p_customer, p_invoice, p_as_of);
  return subctl_internal.recover_subscription(p_customer, v_invoice.subscription_id, p_as_of,
                                              'invoice ' || v_invoice.number || ' is void', p_change);
end $$;
