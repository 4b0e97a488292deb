-- Takes the credit for the unused days of an invoice that is not owed any more off the open invoices that have it
-- (R30); what codes lower is reckoned again. Refused where such an invoice is settled or its payment is under way,
-- for then the credit was used.
create or replace function subctl.drop_credits(customer text, invoice uuid, as_of timestamptz) returns void
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp as $$
#variable_conflict use_column
declare
  p_customer alias for $1; p_invoice alias for $2; p_at alias for $3;
  o record;
  v_number text := (select i.number from subctl.invoices i where i.customer_id = $1 and i.id = $2);
  v_rest numeric;
  v_codes text[];
  v_code text;
  v_off numeric;
begin
  for o in
    select i.id, i.number, i.status, l.position, l.details, l.amount, (c.value->>'part')::numeric as part,
           subctl.invoice_scale(i.currency, i.collect_at is not null) as scale,
           exists (select from subctl.payments p
                    where p.customer_id = i.customer_id and p.invoice_id = i.id
                      and p.status in ('intended', 'processing', 'requires_action')) as paying
      from subctl.invoice_lines l
     cross join lateral jsonb_array_elements(l.details->'credits') c
      join subctl.invoices i on i.customer_id = l.customer_id and i.id = l.invoice_id and i.status <> 'void'
     where l.customer_id = p_customer and l.kind = 'unused' and l.amount < 0 and (c.value->>'invoice')::uuid = p_invoice
     order by i.issued_at, i.number
  loop
    if o.status <> 'open' or o.paying then
      raise exception 'Unused days of invoice % were credited on invoice %, which is %', v_number, o.number,
        case when o.paying then 'being paid' else o.status end
        using errcode = 'SB004', hint = 'Void or refund that one first: subctl invoices show ' || o.number;
    end if;
    v_codes := array(select l.details->>'code' from subctl.invoice_lines l
                      where l.customer_id = p_customer and l.invoice_id = o.id and l.kind = 'discount'
                      order by l.position);
    v_rest := round(o.amount * (1 - o.part), o.scale);
    update subctl.invoice_lines l
       set amount = v_rest, unit_amount = v_rest,
           details = jsonb_strip_nulls(o.details || jsonb_build_object(
             'exact', trim_scale((o.details->>'exact')::numeric * (1 - o.part))::text,
             'credits', (
               select jsonb_agg(c || jsonb_build_object('part', round((c->>'part')::numeric / (1 - o.part), 12)))
                 from jsonb_array_elements(o.details->'credits') c where (c->>'invoice')::uuid <> p_invoice)))
     where l.customer_id = p_customer and l.invoice_id = o.id and l.position = o.position;
    delete from subctl.invoice_lines l
     where l.customer_id = p_customer and l.invoice_id = o.id
       and (l.kind = 'discount' or l.position = o.position and v_rest = 0);
    update subctl.invoices i
       set total = (select sum(l.amount) from subctl.invoice_lines l
                     where l.customer_id = p_customer and l.invoice_id = o.id)
     where i.customer_id = p_customer and i.id = o.id;
    foreach v_code in array v_codes loop
      v_off := subctl.lower_invoice(p_customer, o.id, v_code, p_at);
      update subctl.discount_redemptions r set amount = v_off
       where r.customer_id = p_customer and r.code = v_code and r.invoice_id = o.id;
    end loop;
  end loop;
end $$;
