-- Notes that a part of a payment is to be given back, before anybody is asked for it: what is intended, under way and done, and what a lost
-- dispute took, together are never more than came in (N14). The same reference again gives the same refund, and is a conflict for another amount. Amount null is what is left.
create or replace function subctl.intend_refund(
  customer text, payment uuid, reference text, amount numeric, reason text, as_of timestamptz, change text, out refund uuid, out replayed boolean)
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp as $$
#variable_conflict use_column
declare
  p_customer alias for $1; p_payment alias for $2; p_reference alias for $3; p_amount alias for $4; p_reason alias for $5;
  p_at alias for $6; p_change alias for $7;
  p record;
  r record;
  v_left numeric;
  v_amount numeric;
  v_step numeric;
begin
  perform subctl.lock_subscriptions(array[p_customer]);
  select * into p from subctl.payments o where o.customer_id = p_customer and o.id = p_payment;
  if not found or p.status not in ('paid', 'refunded', 'partially_refunded') then
    raise exception 'There is no money of % to give back', coalesce(p.reference, p_payment::text) using errcode = 'SB004', hint = 'subctl payments list';
  end if;
  select * into r from subctl.refunds o where o.customer_id = p_customer and o.provider = p.provider and o.reference = p_reference;
  if found then
    if r.payment_id <> p_payment or (p_amount is not null and r.amount <> p_amount) then
      raise exception 'The reference % belongs to a refund of % %', p_reference, trim_scale(r.amount), r.currency using errcode = 'SB008', hint = 'Give another --reference';
    end if;
    refund := r.id; replayed := true;
    return;
  end if;
  select p.amount - coalesce(sum(o.amount), 0) - (select k.disputed from subctl.kept k where k.customer_id = p_customer and k.payment_id = p_payment)
    into v_left from subctl.refunds o
   where o.customer_id = p_customer and o.payment_id = p_payment and o.status <> 'failed';
  v_amount := coalesce(p_amount, v_left);
  v_step := power(10::numeric, -subctl.currency_scale(p.currency));
  if v_amount <= 0 or v_amount > v_left then
    raise exception 'Of % % that came, % can be given back, and % was asked', trim_scale(p.amount), p.currency, trim_scale(v_left), trim_scale(v_amount)
      using errcode = 'SB004', hint = 'See what was given back: subctl invoices show';
  end if;
  if v_amount % v_step <> 0 then
    raise exception 'An amount of % is not one of %', v_amount, p.currency using errcode = 'SB002', hint = 'Its smallest step is ' || trim_scale(v_step);
  end if;
  refund := subctl.uuid7(p_at); replayed := false;
  insert into subctl.refunds (customer_id, id, payment_id, provider, reference, status, amount, amount_minor, currency, at, reason, change_id)
  values (p_customer, refund, p_payment, p.provider, p_reference, 'intended', v_amount, (v_amount * p.amount_minor / p.amount)::bigint, p.currency, p_at, p_reason, p_change);
end $$;
