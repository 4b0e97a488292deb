-- Removes the credit for unused days of an invoice that is no longer owed from the open invoices that contain it
-- (R30), and computes discounts on those again. Refuses with SB004 if such an invoice is settled or has a pending
-- payment, because the credit was used then.
create or replace function subctl_internal.drop_unused_credits(
  p_customer text, p_invoice uuid, p_as_of timestamptz) returns void
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp as $$
declare
  v_invoice record;
  v_number text := (select i.number from subctl.invoices i where i.customer_id = p_customer and i.id = p_invoice);
  v_rest numeric;
  v_codes text[];
  v_code text;
  v_off numeric;
begin
  for v_invoice in
    select i.id, i.number, i.status, l.position, l.details, l.amount, (c.value->>'part')::numeric as part,
           subctl_internal.invoice_scale(i.currency, i.collect_at is not null) as scale,
           exists (select 1 from subctl.payments p
                    where p.customer_id = i.customer_id and p.invoice_id = i.id
                      and p.status in ('intended', 'processing', 'requires_action')) as paying
      from subctl.invoice_lines l
     cross join lateral jsonb_array_elements(l.details->'credits') c
      join subctl.invoices i on i.customer_id = l.customer_id and i.id = l.invoice_id and i.status <> 'void'
     where l.customer_id = p_customer and l.kind = 'unused' and l.amount < 0 and (c.value->>'invoice')::uuid = p_invoice
     order by i.issued_at, i.number
  loop
    if v_invoice.status <> 'open' or v_invoice.paying then
      raise exception 'Unused days of invoice % were credited on invoice %, which is %', v_number, v_invoice.number,
        case when v_invoice.paying then 'being paid' else v_invoice.status end
        using errcode = 'SB004', hint = 'Void or refund that one first: subctl invoices show ' || v_invoice.number;
    end if;
    v_codes := array(select l.details->>'code' from subctl.invoice_lines l
                      where l.customer_id = p_customer and l.invoice_id = v_invoice.id and l.kind = 'discount'
                      order by l.position);
    v_rest := round(v_invoice.amount * (1 - v_invoice.part), v_invoice.scale);
    update subctl.invoice_lines l
       set amount = v_rest, unit_amount = v_rest,
           details = jsonb_strip_nulls(v_invoice.details || jsonb_build_object(
             'exact', trim_scale((v_invoice.details->>'exact')::numeric * (1 - v_invoice.part))::text,
             'credits', (
               select jsonb_agg(c || jsonb_build_object(
                 'part', round((c->>'part')::numeric / (1 - v_invoice.part), 12)))
                 from jsonb_array_elements(v_invoice.details->'credits') c where (c->>'invoice')::uuid <> p_invoice)))
     where l.customer_id = p_customer and l.invoice_id = v_invoice.id and l.position = v_invoice.position;
    delete from subctl.invoice_lines l
     where l.customer_id = p_customer and l.invoice_id = v_invoice.id
       and (l.kind = 'discount' or l.position = v_invoice.position and v_rest = 0);
    update subctl.invoices i
       set total = (select sum(l.amount) from subctl.invoice_lines l
                     where l.customer_id = p_customer and l.invoice_id = v_invoice.id)
     where i.customer_id = p_customer and i.id = v_invoice.id;
    foreach v_code in array v_codes loop
      v_off := subctl_internal.discount_invoice(p_customer, v_invoice.id, v_code, p_as_of);
      update subctl.discount_redemptions r set amount = v_off
       where r.customer_id = p_customer and r.code = v_code and r.invoice_id = v_invoice.id;
    end loop;
  end loop;
end $$;
