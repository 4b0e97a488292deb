-- Writes the outcome of an attempt to charge, and updates its subscription. A settled outcome is final, except that a
-- payment may still arrive after a decline. Outcomes: 'paid'; 'declined' (`final`: the same payment method can never
-- succeed): past due from the first decline on, retried on the days of dunning (R35); 'requires_action': past due, the
-- customer is sent to `url`, and the provider is asked again; 'processing': asked again, and grace waits for it;
-- 'canceled'. Returns whether something changed.
create or replace function subctl_internal.settle_charge(
  p_customer text, p_payment uuid, p_outcome text, p_provider_id text, p_error text, p_final boolean, p_url text,
  p_at timestamptz, p_as_of timestamptz, p_change text) returns boolean
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp as $$
declare


  v_payment record; v_invoice record;
  v_status text := case p_outcome when 'canceled' then 'declined' else p_outcome end;
  v_first timestamptz;
  v_declines int;
  v_next timestamptz;
begin
  perform subctl_internal.lock_subscriptions(array[p_customer]);
  select * into v_payment from subctl.payments o where o.customer_id = p_customer and o.id = p_payment;
  if v_payment.status in ('paid', 'refunded', 'partially_refunded')
    or (v_payment.status = 'declined' and p_outcome <> 'paid') then return false; end if;
  -- an unwritten end stays an end, whatever happens to its invoice (R35)
  if v_payment.invoice_id is not null
    then perform subctl_internal.settle_subscriptions(p_as_of, array[p_customer], p_change); end if;
  select * into v_invoice from subctl.invoices v where v.customer_id = p_customer and v.id = v_payment.invoice_id;
  update subctl.payments o
     set status = v_status, provider_id = coalesce(p_provider_id, o.provider_id), error = p_error,
         at = case when v_status = 'paid' then p_at else o.at end,
         ask_at = case when v_status in ('processing', 'requires_action')
           then subctl_internal.next_payment_check(p_as_of) end
   where o.customer_id = p_customer and o.id = p_payment;
  if v_payment.status = v_status and v_status in ('processing', 'requires_action') then
    if v_status = 'processing' then perform subctl_internal.mark_payment_processing(p_customer,
                                                                                    v_invoice.subscription_id,
                                                                 p_as_of); end if;
    return false;
  end if;

  if v_status = 'paid' then
    if v_invoice.id is not null then perform subctl_internal.settle_invoice(p_customer, v_invoice.id, p_at, p_as_of,
                                                                            p_change); end if;
  elsif v_invoice.id is not null and v_status = 'processing' then
    perform subctl_internal.mark_payment_processing(p_customer, v_invoice.subscription_id, p_as_of);
    v_next := subctl_internal.next_payment_check(p_as_of);
  elsif v_invoice.id is not null then
    perform subctl_internal.mark_past_due(p_customer, v_invoice.subscription_id, p_at,
                                          'invoice ' || v_invoice.number || ': '
                                            || coalesce(p_error, replace(v_status, '_', ' ')),
                                          p_as_of, p_change);
    if v_status = 'requires_action' then
      v_next := subctl_internal.next_payment_check(p_as_of);
      perform subctl_internal.queue_notice(p_customer, 'payment_action', 'payment_action:' || v_payment.id,
        jsonb_build_object('customer', p_customer, 'invoice', v_invoice.number, 'amount',
                           subctl_internal.in_currency(v_invoice.total, v_invoice.currency) || ' '
                             || v_invoice.currency,
                           'url', p_url), p_as_of);
    else
      select min(o.at), count(*) into v_first, v_declines from subctl.payments o
       where o.customer_id = p_customer and o.invoice_id = v_invoice.id and o.status = 'declined';
      v_next := case when not p_final then subctl_internal.dunning_day(v_first, v_declines) end;
      perform subctl_internal.queue_notice(p_customer, 'payment_failed', 'payment_failed:' || v_payment.id,
        jsonb_build_object('customer', p_customer, 'invoice', v_invoice.number, 'amount',
                           subctl_internal.in_currency(v_invoice.total, v_invoice.currency) || ' '
                             || v_invoice.currency,
                           'reason',
                           coalesce(p_error, 'canceled'), 'then',
          case when v_next is null then 'Please add another payment method.'
          else 'It is tried again on ' || to_char(v_next at time zone 'UTC', 'YYYY-MM-DD') || '.' end
          || coalesce((select ' Without a payment it ends on '
                       || to_char(s.grace_until at time zone 'UTC', 'YYYY-MM-DD') || '.' from subctl.subscriptions s
                        where s.customer_id = p_customer and s.id = v_invoice.subscription_id
                          and s.status = 'past_due'),
                              '')), p_as_of);
      update subctl.invoices v
         set collect_at = v_next,
             status = case when v_next is null
                      and not exists (select from subctl.subscriptions s
                                      where s.customer_id = p_customer and s.id = v.subscription_id
                                        and s.ended_at is null)
                           then 'uncollectible' else v.status end
       where v.customer_id = p_customer and v.id = v_invoice.id and v.status = 'open';
    end if;
  end if;
  -- a renewal's own history: attempt 1 issued the invoice, each try is the next
  insert into subctl.renewals (customer_id, subscription_id, period_start, attempt, period_end, at, outcome, reason,
                               collection, amount, currency, invoice_id, next_try_at, change_id)
  select r.customer_id, r.subscription_id, r.period_start, r.attempt + 1, r.period_end, p_as_of,
         case when v_status = 'paid' then 'paid' when v_status = 'declined' then 'declined' else 'pending' end,
         p_error, r.collection, r.amount, r.currency, r.invoice_id, v_next, p_change
    from subctl.renewals r
   where r.customer_id = p_customer and r.subscription_id = v_invoice.subscription_id and r.invoice_id = v_invoice.id
   order by r.attempt desc limit 1;
  return true;
end $$;
