-- Returns the amount kept of each invoice of a subscription (R30): its payments less refunds and lost disputes. An
-- open invoice counts in full, a void or uncollectible one as 0. Credits for unused days of earlier invoices count as
-- far as those are still kept.
create or replace function subctl_internal.invoices_net_paid(customer text, subscription uuid)
returns table (invoice_id uuid, kept numeric)
language plpgsql stable set search_path = pg_catalog, subctl, pg_temp as $$
declare
  v_invoice record;
  v_kept jsonb := '{}';
begin
  for v_invoice in
    select v.id, case v.status when 'open' then v.total when 'paid' then v.total - b.lost - b.leaving
                      else 0 end as money
      from subctl.invoices v
     cross join lateral (
       select (select coalesce(sum(k.paid - k.kept), 0) from subctl.net_payments k
                where k.customer_id = v.customer_id and k.invoice_id = v.id) as lost,
              (select coalesce(sum(r.amount), 0)
                 from subctl.payments p
                 join subctl.refunds r on r.customer_id = p.customer_id and r.payment_id = p.id
                  and r.status in ('intended', 'pending')
                where p.customer_id = v.customer_id and p.invoice_id = v.id) as leaving) b
     where v.customer_id = $1 and v.subscription_id = $2
     order by v.issued_at, length(v.number), v.number
  loop
    invoice_id := v_invoice.id;
    select greatest(0, v_invoice.money) + coalesce(sum(-l.amount * case when c.value is null then 1 else
             (c.value->>'part')::numeric
               * least(1, (v_kept->>(c.value->>'invoice'))::numeric / (c.value->>'kept')::numeric) end), 0)
      into kept
      from subctl.invoice_lines l
      left join lateral jsonb_array_elements(l.details->'credits') c on true
     where l.customer_id = $1 and l.invoice_id = v_invoice.id and l.kind = 'unused' and l.amount < 0;
    v_kept := v_kept || jsonb_build_object(v_invoice.id, kept);
    return next;
  end loop;
end $$;
