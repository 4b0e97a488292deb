-- Redeems a discount code for a customer who takes a plan. Locks the code, so that concurrent calls never exceed its
-- maximum. Applies it to the invoice, if there is one, and to the next periods as the code defines. Returns the
-- discount of the invoice.
create or replace function subctl_internal.redeem_discount(
  p_customer text, p_subscription uuid, p_invoice uuid, p_code text, p_as_of timestamptz, p_change text) returns numeric
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp as $$
declare
  v_code text := upper(p_code);
  v_discount record; v_subscription record;
  v_off numeric := 0;
  v_why text;
begin
  select * into v_discount from subctl.discounts x where x.code = v_code for update;
  if not found then
    raise exception 'There is no discount code %', v_code using errcode = 'SB003', hint = 'subctl discounts list';
  end if;
  select * into v_subscription from subctl.subscriptions x where x.customer_id = p_customer and x.id = p_subscription;
  v_why := case
    when not v_discount.active then 'is closed to new uses'
    when p_as_of < v_discount.starts_at then 'is valid from ' || subctl_internal.iso(v_discount.starts_at) || ' on'
    when p_as_of >= v_discount.expires_at then 'was valid until ' || subctl_internal.iso(v_discount.expires_at)
    when v_discount.plans is not null and not v_subscription.plan_id = any (v_discount.plans)
      then 'is not for plan ' || v_subscription.plan_id || ' but for ' || array_to_string(v_discount.plans, ', ')
    when v_discount.currency <> v_subscription.currency
      then 'is in ' || v_discount.currency || ', and the plan in ' || v_subscription.currency
    when v_subscription.collection in ('free', 'complimentary')
      then 'has no effect: ' || v_subscription.plan_id || ' is ' || v_subscription.collection
    when (select count(*) from subctl.discount_redemptions r where r.code = v_code) >= v_discount.max_uses
      then 'was used ' || v_discount.max_uses || ' times, its maximum'
    when (select count(*) from subctl.discount_redemptions r
           where r.customer_id = p_customer and r.code = v_code) >= v_discount.max_uses_per_customer
      then 'was used by ' || p_customer || ' ' || v_discount.max_uses_per_customer || ' times, its maximum' end;
  if v_why is not null then
    raise exception 'Code % %', v_code, v_why using errcode = 'SB004', hint = 'subctl discounts list';
  end if;
  if p_invoice is not null then v_off := subctl_internal.discount_invoice(p_customer, p_invoice, v_code, p_as_of);
  end if;
  insert into subctl.discount_redemptions (customer_id, code, id, at, invoice_id, subscription_id, periods_left, amount,
                                           change_id)
  values (p_customer, v_code, subctl_internal.uuid7(p_as_of), p_as_of, p_invoice, p_subscription,
          v_discount.periods - case when p_invoice is null then 0 else 1 end, v_off, p_change);
  return v_off;
end $$;
