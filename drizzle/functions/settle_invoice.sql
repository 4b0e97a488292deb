-- An invoice whose money has come is paid, at `at`, and its subscription recovers if nothing else is due. One that is paid already is left
-- as it is. The caller has locked the customer and written the payment. Returns whether the subscription recovered.
create or replace function subctl.settle_invoice(customer text, invoice uuid, at timestamptz, as_of timestamptz, change text) returns boolean
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp as $$
declare
  v_subscription uuid;
  v_number text;
begin
  update subctl.invoices i set status = 'paid', paid_at = $3, collect_at = null
   where i.customer_id = $1 and i.id = $2 and i.status in ('open', 'uncollectible')
  returning i.subscription_id, i.number into v_subscription, v_number;
  if not found or v_subscription is null then return false; end if;
  return subctl.recover_subscription($1, v_subscription, $4, 'invoice ' || v_number || ' is paid', $5);
end $$;
