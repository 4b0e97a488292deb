-- Takes back an invoice that nobody has paid: nothing is owed on it any more, and its subscription recovers if nothing else is due. Its
-- number stays used, and what later invoices took off for its unused days comes back onto them. Refused while a payment for it is under way,
-- for it may still come through.
create or replace function subctl.void_invoice(customer text, invoice uuid, as_of timestamptz, change text) returns boolean
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp as $$
declare
  i record;
begin
  perform subctl.lock_customers(array[$1]);
  select * into i from subctl.invoices v where v.customer_id = $1 and v.id = $2;
  if not found then
    raise exception 'Customer % has no invoice %', $1, $2 using errcode = 'SB003', hint = 'subctl invoices list';
  end if;
  if i.status = 'paid' then
    raise exception 'Invoice % is paid: it can only be given back', i.number using errcode = 'SB004', hint = 'subctl invoices refund ' || i.number;
  end if;
  if exists (select from subctl.payments p where p.customer_id = $1 and p.invoice_id = $2 and p.status in ('intended', 'processing', 'requires_action')) then
    raise exception 'A payment for invoice % is under way', i.number using errcode = 'SB004', hint = 'Wait for it: subctl payments list --invoice ' || i.number;
  end if;
  update subctl.invoices v set status = 'void', voided_at = $3, collect_at = null where v.customer_id = $1 and v.id = $2 and v.status <> 'void';
  if not found or i.subscription_id is null then return false; end if;
  perform subctl.drop_credits($1, $2, $3);
  return subctl.recover_subscription($1, i.subscription_id, $3, 'invoice ' || i.number || ' is void', $4);
end $$;
