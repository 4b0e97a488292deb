-- Applies a discount to an open invoice as one more line; the total never falls below 0. A percentage
-- applies to the exact sum before rounding, so the bill is rounded once (R27), and after the credit for unused days.
-- An invoice of 0 is paid. Returns the amount taken off.
create or replace function subctl_internal.discount_invoice(
  p_customer text, p_invoice uuid, p_code text, p_as_of timestamptz)
returns numeric
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp as $$
declare
  v_invoice record; v_discount record;
  v_exact numeric;
  v_total numeric;
  v_scale int;
begin
  select * into v_invoice from subctl.invoices v
   where v.customer_id = p_customer and v.id = p_invoice and v.status = 'open';
  if not found then return 0; end if;
  v_scale := subctl_internal.invoice_scale(v_invoice.currency, v_invoice.collect_at is not null);
  select * into v_discount from subctl.discounts x where x.code = p_code;
  select sum(coalesce((l.details->>'exact')::numeric, l.amount)) into v_exact from subctl.invoice_lines l
   where l.customer_id = p_customer and l.invoice_id = p_invoice;
  v_total := greatest(0, case v_discount.kind
    when 'percent' then round(v_exact * (100 - v_discount.amount) / 100, v_scale)
    else round(v_invoice.total - v_discount.amount, v_scale) end);
  if v_total >= v_invoice.total then return 0; end if;
  insert into subctl.invoice_lines (customer_id, invoice_id, position, kind, description, unit_amount, amount,
                                    period_start, period_end, details)
  select p_customer, p_invoice, max(l.position) + 1, 'discount',
         'Code ' || p_code || ', ' || case v_discount.kind when 'percent' then trim_scale(v_discount.amount) || ' %'
                                           else subctl_internal.in_currency(v_discount.amount, v_discount.currency)
                                             || ' '
                                             || v_discount.currency end,
         v_total - v_invoice.total, v_total - v_invoice.total, v_invoice.period_start, v_invoice.period_end,
         jsonb_build_object('code', p_code)
    from subctl.invoice_lines l where l.customer_id = p_customer and l.invoice_id = p_invoice;
  update subctl.invoices v
     set total = v_total, status = case when v_total = 0 then 'paid' else v.status end,
         paid_at = case when v_total = 0 then p_as_of end, collect_at = case when v_total > 0 then v.collect_at end
   where v.customer_id = p_customer and v.id = p_invoice;
  return v_invoice.total - v_total;
end $$;
