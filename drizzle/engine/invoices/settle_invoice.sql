-- Marks an invoice as paid at p_at; its subscription recovers if nothing else is due. A paid invoice stays unchanged.
-- The caller has locked the customer and written the payment. Returns whether the subscription recovered.
create or replace function subctl_internal.settle_invoice(
  p_customer text, p_invoice uuid, p_at timestamptz, p_as_of timestamptz, p_change text) returns boolean
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp as $$
declare
  v_subscription uuid;
  v_number text;
begin
  update subctl.invoices i set status = 'paid', paid_at = p_at, collect_at = null
   where i.customer_id = p_customer and i.id = p_invoice and i.status in ('open', 'uncollectible')
  returning i.subscription_id, i.number into v_subscription, v_number;
  if not found or v_subscription is null then return false; end if;
  return subctl_internal.recover_subscription(p_customer, v_subscription, p_as_of, 'invoice ' || v_number || ' is paid',
                                              p_change);
end $$;
