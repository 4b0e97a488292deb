-- One use of a code by a customer who takes a plan: counted under the code's own lock, so that of many at once exactly as many as it has left come
-- through (P15). It lowers the invoice, if there is one already, and those of the next periods as the code says. Returns what it took off now.
create or replace function subctl.redeem_discount(
  customer text, subscription uuid, invoice uuid, code text, as_of timestamptz, change text) returns numeric
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp as $$
declare
  p_customer alias for $1; p_subscription alias for $2; p_invoice alias for $3; p_code text := upper($4); p_at alias for $5; p_change alias for $6;
  d record; s record;
  v_off numeric := 0;
  v_why text;
begin
  select * into d from subctl.discounts x where x.code = p_code for update;
  if not found then
    raise exception 'There is no code %', p_code using errcode = 'SB003', hint = 'subctl discounts list';
  end if;
  select * into s from subctl.subscriptions x where x.customer_id = p_customer and x.id = p_subscription;
  v_why := case
    when not d.active then 'is not given any more'
    when p_at < d.starts_at then 'is good from ' || subctl.iso(d.starts_at) || ' on'
    when p_at >= d.expires_at then 'was good until ' || subctl.iso(d.expires_at)
    when d.plans is not null and not s.plan_id = any (d.plans) then 'is not for plan ' || s.plan_id || ' but for ' || array_to_string(d.plans, ', ')
    when d.currency <> s.currency then 'is in ' || d.currency || ', and the plan in ' || s.currency
    when s.collection in ('free', 'complimentary') then 'lowers nothing: ' || s.plan_id || ' is ' || s.collection
    when (select count(*) from subctl.discount_redemptions r where r.code = p_code) >= d.max_uses then 'was used ' || d.max_uses || ' times, which is all'
    when (select count(*) from subctl.discount_redemptions r where r.customer_id = p_customer and r.code = p_code) >= d.max_uses_per_customer
      then 'was used by ' || p_customer || ' ' || d.max_uses_per_customer || ' times, which is all' end;
  if v_why is not null then
    raise exception 'Code % %', p_code, v_why using errcode = 'SB004', hint = 'subctl discounts list';
  end if;
  if p_invoice is not null then v_off := subctl.lower_invoice(p_customer, p_invoice, p_code, p_at); end if;
  insert into subctl.discount_redemptions (customer_id, code, id, at, invoice_id, subscription_id, periods_left, amount, change_id)
  values (p_customer, p_code, subctl.uuid7(p_at), p_at, p_invoice, p_subscription, d.periods - case when p_invoice is null then 0 else 1 end, v_off, p_change);
  return v_off;
end $$;
