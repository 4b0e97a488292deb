-- Stores a refund of a part of a payment, before the provider is asked. Refunds that are intended, pending and
-- completed, and lost disputes, are together never more than was paid. The same reference again returns the same
-- refund, and is a conflict for another amount. A null amount is what is left.
create or replace function subctl_internal.start_refund(
  p_customer text, p_payment uuid, p_reference text, p_amount numeric, p_reason text, p_as_of timestamptz,
  p_change text, out refund uuid, out replayed boolean)
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp as $$
declare


  v_payment record;
  v_refund record;
  v_left numeric;
  v_amount numeric;
  v_step numeric;
begin
  perform subctl_internal.lock_subscriptions(array[p_customer]);
  select * into v_payment from subctl.payments o where o.customer_id = p_customer and o.id = p_payment;
  if not found or v_payment.status not in ('paid', 'refunded', 'partially_refunded') then
    raise exception 'Payment % cannot be refunded: nothing was received', coalesce(v_payment.reference, p_payment::text)
      using errcode = 'SB004', hint = 'subctl payments list';
  end if;
  select * into v_refund from subctl.refunds o
    where o.customer_id = p_customer and o.provider = v_payment.provider and o.reference = p_reference;
  if found then
    if v_refund.payment_id <> p_payment or (p_amount is not null and v_refund.amount <> p_amount) then
      raise exception 'The reference % belongs to a refund of % %', p_reference, trim_scale(v_refund.amount),
      v_refund.currency
        using errcode = 'SB008', hint = 'Give another --reference';
    end if;
    refund := v_refund.id; replayed := true;
    return;
  end if;
  select v_payment.amount - coalesce(sum(o.amount), 0) - (select k.disputed from subctl.net_payments k
                                                  where k.customer_id = p_customer and k.payment_id = p_payment)
    into v_left from subctl.refunds o
   where o.customer_id = p_customer and o.payment_id = p_payment and o.status <> 'failed';
  v_amount := coalesce(p_amount, v_left);
  v_step := power(10::numeric, -subctl_internal.currency_scale(v_payment.currency));
  if v_amount <= 0 or v_amount > v_left then
    raise exception 'Of % % paid, at most % can be refunded, not %', trim_scale(v_payment.amount),
      v_payment.currency,
      trim_scale(v_left), trim_scale(v_amount)
      using errcode = 'SB004', hint = 'Show its refunds: subctl invoices show';
  end if;
  if v_amount % v_step <> 0 then
    raise exception '% has too many decimals for %', v_amount, v_payment.currency
      using errcode = 'SB002', hint = 'Its smallest step is ' || trim_scale(v_step);
  end if;
  refund := subctl_internal.uuid7(p_as_of); replayed := false;
  insert into subctl.refunds (customer_id, id, payment_id, provider, reference, status, amount, amount_minor,
                              currency, at, reason, change_id)
  values (p_customer, refund, p_payment, v_payment.provider, p_reference, 'intended', v_amount,
          (v_amount * v_payment.amount_minor / v_payment.amount)::bigint, v_payment.currency, p_as_of, p_reason,
          p_change);
end $$;
