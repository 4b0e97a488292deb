-- Money that came for an invoice, whole: a payment row, and the invoice is paid. The reference is unique for its provider, over all
-- customers: a second call with the same invoice changes nothing and says so (N16), one for something else is a conflict. An invoice that
-- nobody owes any more takes no money. `at` is when it came, `as_of` when it is written down.
create or replace function subctl.pay_invoice(
  customer text, invoice uuid, provider text, reference text, amount numeric, at timestamptz, as_of timestamptz, change text,
  provider_id text default null, details jsonb default null,
  out payment uuid, out replayed boolean, out recovered boolean)
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp as $$
#variable_conflict use_column
declare
  p_customer alias for $1; p_invoice alias for $2; p_provider alias for $3; p_reference alias for $4; p_amount alias for $5;
  p_at alias for $6; p_as_of alias for $7; p_change alias for $8; p_provider_id alias for $9; p_details alias for $10;
  i record;
  p record;
begin
  perform pg_advisory_xact_lock(hashtextextended(p_provider || ' ' || p_reference, 0));
  perform subctl.lock_subscriptions(array[p_customer]);
  select * into i from subctl.invoices v where v.customer_id = p_customer and v.id = p_invoice;
  if not found then
    raise exception 'Customer % has no invoice %', p_customer, p_invoice using errcode = 'SB003', hint = 'subctl invoices list';
  end if;
  recovered := false;
  select * into p from subctl.payments o where o.provider = p_provider and o.reference = p_reference limit 1;
  if found then
    if p.customer_id <> p_customer or p.invoice_id is distinct from p_invoice or p.amount <> p_amount or p.status not in ('paid', 'refunded', 'partially_refunded') then
      raise exception 'The reference % of % belongs to a payment of % % by %', p_reference, p_provider, trim_scale(p.amount), p.currency, p.customer_id
        using errcode = 'SB008', hint = 'A reference names one payment; see it with: subctl payments list --reference ' || p_reference;
    end if;
    payment := p.id; replayed := true;
    return;
  end if;
  if i.status in ('paid', 'void') then
    raise exception 'Invoice % is %', i.number, i.status using errcode = 'SB004', hint = 'Nothing is owed on it: subctl invoices show ' || i.number;
  end if;
  if exists (select from subctl.payments o where o.customer_id = p_customer and o.invoice_id = p_invoice and o.status in ('intended', 'processing', 'requires_action')) then
    raise exception 'A payment for invoice % is under way', i.number using errcode = 'SB004', hint = 'Wait for it: subctl payments list --invoice ' || i.number;
  end if;
  if p_amount <> i.total then
    raise exception 'Invoice % is about % %, and % was given', i.number, trim_scale(i.total), i.currency, trim_scale(p_amount) using errcode = 'SB004',
      hint = 'An invoice is paid whole, with one payment: neither less nor more';
  end if;
  payment := subctl.uuid7(p_as_of); replayed := false;
  insert into subctl.payments (customer_id, id, invoice_id, provider, reference, provider_id, status, amount, amount_minor, currency, attempt, at, details, change_id)
  select p_customer, payment, p_invoice, p_provider, p_reference, p_provider_id, 'paid', i.total, (i.total * 10 ^ subctl.currency_scale(i.currency))::bigint, i.currency,
         1 + (select count(*) from subctl.payments o where o.customer_id = p_customer and o.invoice_id = p_invoice), p_at, p_details, p_change;
  recovered := subctl.settle_invoice(p_customer, p_invoice, p_at, p_as_of, p_change);
end $$;
