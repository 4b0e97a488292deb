-- Records the result of a refund: 'refunded' (done), 'pending' or 'failed'. The payment's refunded amount and status
-- follow. A final state does not change again. Returns whether something changed. Locks the customer.
create or replace function subctl_internal.settle_refund(
  p_customer text, p_refund uuid, p_status text, p_provider_id text, p_error text, p_as_of timestamptz) returns boolean
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp as $$
declare
  v_payment uuid;
begin
  perform subctl_internal.lock_subscriptions(array[p_customer]);
  update subctl.refunds r
     set status = p_status, provider_id = coalesce(p_provider_id, r.provider_id), error = p_error,
         at = case when p_status = 'refunded' then greatest(r.at, p_as_of) else r.at end
   where r.customer_id = p_customer and r.id = p_refund and r.status in ('intended', 'pending') and r.status <> p_status
  returning r.payment_id into v_payment;
  if not found then return false; end if;
  update subctl.payments p
     set refunded_minor = s.minor,
         status = case s.minor when 0 then 'paid' when p.amount_minor then 'refunded' else 'partially_refunded' end
    from (select coalesce(sum(r.amount_minor), 0) as minor from subctl.refunds r
           where r.customer_id = p_customer and r.payment_id = v_payment and r.status = 'refunded') s
   where p.customer_id = p_customer and p.id = v_payment;
  return true;
end $$;
