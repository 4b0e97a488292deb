-- Writes what became of a refund: 'refunded' (the money is back), 'pending' (on its way) or 'failed' (it stayed here). The payment's own sum
-- and status follow. What is settled once stays so. Returns whether something changed.
create or replace function subctl.settle_refund(customer text, refund uuid, status text, provider_id text, error text, as_of timestamptz) returns boolean
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp as $$
#variable_conflict use_column
declare
  p_customer alias for $1; p_refund alias for $2; p_status alias for $3; p_provider_id alias for $4; p_error alias for $5; p_at alias for $6;
  v_payment uuid;
begin
  perform subctl.lock_customers(array[p_customer]);
  update subctl.refunds r set status = p_status, provider_id = coalesce(p_provider_id, r.provider_id), error = p_error, at = case when p_status = 'refunded' then greatest(r.at, p_at) else r.at end
   where r.customer_id = p_customer and r.id = p_refund and r.status in ('intended', 'pending') and r.status <> p_status
  returning r.payment_id into v_payment;
  if not found then return false; end if;
  update subctl.payments p
     set refunded_minor = s.minor, status = case s.minor when 0 then 'paid' when p.amount_minor then 'refunded' else 'partially_refunded' end
    from (select coalesce(sum(r.amount_minor), 0) as minor from subctl.refunds r
           where r.customer_id = p_customer and r.payment_id = v_payment and r.status = 'refunded') s
   where p.customer_id = p_customer and p.id = v_payment;
  return true;
end $$;
