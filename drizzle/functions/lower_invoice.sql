-- Takes a discount off an open invoice: one line more, below nothing never (defect 64). A percentage is of what was exact before it was rounded,
-- so that the bill is rounded once (R27); it comes after the credit for what was not used (P15). At nothing it is paid. Returns what it took off.
create or replace function subctl.lower_invoice(customer text, invoice uuid, code text, as_of timestamptz) returns numeric
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp as $$
declare
  p_customer alias for $1; p_invoice alias for $2; p_code alias for $3; p_at alias for $4;
  i record; d record;
  v_exact numeric;
  v_total numeric;
  v_scale int;
begin
  select * into i from subctl.invoices v where v.customer_id = p_customer and v.id = p_invoice and v.status = 'open';
  if not found then return 0; end if;
  v_scale := subctl.invoice_scale(i.currency, i.collect_at is not null);
  select * into d from subctl.discounts x where x.code = p_code;
  select sum(coalesce((l.details->>'exact')::numeric, l.amount)) into v_exact from subctl.invoice_lines l where l.customer_id = p_customer and l.invoice_id = p_invoice;
  v_total := greatest(0, case d.kind when 'percent' then round(v_exact * (100 - d.amount) / 100, v_scale) else round(i.total - d.amount, v_scale) end);
  if v_total >= i.total then return 0; end if;
  insert into subctl.invoice_lines (customer_id, invoice_id, position, kind, description, unit_amount, amount, period_start, period_end, details)
  select p_customer, p_invoice, max(l.position) + 1, 'discount',
         'Code ' || p_code || ', ' || case d.kind when 'percent' then trim_scale(d.amount) || ' %' else subctl.in_currency(d.amount, d.currency) || ' ' || d.currency end,
         v_total - i.total, v_total - i.total, i.period_start, i.period_end, jsonb_build_object('code', p_code)
    from subctl.invoice_lines l where l.customer_id = p_customer and l.invoice_id = p_invoice;
  update subctl.invoices v
     set total = v_total, status = case when v_total = 0 then 'paid' else v.status end, paid_at = case when v_total = 0 then p_at end,
         collect_at = case when v_total > 0 then v.collect_at end
   where v.customer_id = p_customer and v.id = p_invoice;
  return i.total - v_total;
end $$;
