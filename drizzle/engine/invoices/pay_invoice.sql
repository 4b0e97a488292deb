-- Records the payment of an invoice in full: a payment row, and the invoice is paid. The reference is unique for its
-- provider, over all customers: a second call with the same invoice changes nothing and says so; one for another
-- invoice is a conflict. A paid or void invoice takes no payment. `p_at` is when the money was received, `p_as_of`
-- when it is recorded.
create or replace function subctl_internal.pay_invoice(
  p_customer text, p_invoice uuid, p_provider text, p_reference text, p_amount numeric, p_at timestamptz,
  p_as_of timestamptz, p_change text, p_provider_id text default null, p_details jsonb default null,
  out payment uuid, out replayed boolean, out recovered boolean)
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp as $$
declare


  v_invoice record;
  v_payment record;
begin
  perform pg_advisory_xact_lock(hashtextextended(p_provider || ' ' || p_reference, 0));
  perform subctl_internal.lock_subscriptions(array[p_customer]);
  select * into v_invoice from subctl.invoices v where v.customer_id = p_customer and v.id = p_invoice;
  if not found then
    raise exception 'Customer % has no invoice %', p_customer, p_invoice
      using errcode = 'SB003', hint = 'subctl invoices list';
  end if;
  recovered := false;
  select * into v_payment from subctl.payments o where o.provider = p_provider and o.reference = p_reference limit 1;
  if found then
    if v_payment.customer_id <> p_customer or v_payment.invoice_id is distinct
      from p_invoice or v_payment.amount <> p_amount
        or v_payment.status not in ('paid', 'refunded', 'partially_refunded') then
      raise exception 'The reference % of % belongs to a payment of % % by %', p_reference, p_provider,
      trim_scale(v_payment.amount), v_payment.currency, v_payment.customer_id
        using errcode = 'SB008', hint =
          'A reference names one payment. Show it: subctl payments list --reference ' || p_reference;
    end if;
    payment := v_payment.id; replayed := true;
    return;
  end if;
  if v_invoice.status in ('paid', 'void') then
    raise exception 'Invoice % is %', v_invoice.number, v_invoice.status
      using errcode = 'SB004', hint = 'Nothing is owed on it: subctl invoices show ' || v_invoice.number;
  end if;
  if exists (select from subctl.payments o
             where o.customer_id = p_customer and o.invoice_id = p_invoice
               and o.status in ('intended', 'processing', 'requires_action')) then
    raise exception 'A payment of invoice % is under way', v_invoice.number
      using errcode = 'SB004', hint = 'Wait for it: subctl payments list --invoice ' || v_invoice.number;
  end if;
  if p_amount <> v_invoice.total then
    raise exception 'Invoice % is % %, and % was paid', v_invoice.number, trim_scale(v_invoice.total),
      v_invoice.currency,
      trim_scale(p_amount) using errcode = 'SB004',
      hint = 'Record one payment of exactly this amount';
  end if;
  payment := subctl_internal.uuid7(p_as_of); replayed := false;
  insert into subctl.payments (customer_id, id, invoice_id, provider, reference, provider_id, status, amount,
                               amount_minor, currency, attempt, at, details, change_id)
  select p_customer, payment, p_invoice, p_provider, p_reference, p_provider_id, 'paid', v_invoice.total,
         (v_invoice.total * 10 ^ subctl_internal.currency_scale(v_invoice.currency))::bigint, v_invoice.currency,
         1 + (select count(*) from subctl.payments o where o.customer_id = p_customer and o.invoice_id = p_invoice),
         p_at, p_details, p_change;
  recovered := subctl_internal.settle_invoice(p_customer, p_invoice, p_at, p_as_of, p_change);
end $$;
