-- What was really paid and kept of each invoice of a subscription (R30): its money less what was given back or lost
-- in a dispute, all of it while it is still owed, nothing once it is void or given up; and what it took over of
-- invoices before it for days that were not used, as far as that is still kept.
create or replace function subctl.invoices_kept(customer text, subscription uuid)
returns table (invoice_id uuid, kept numeric)
language plpgsql stable set search_path = pg_catalog, subctl, pg_temp as $$
#variable_conflict use_column
declare
  i record;
  v_kept jsonb := '{}';
begin
  for i in
    select v.id, case v.status when 'open' then v.total when 'paid' then v.total - b.lost - b.leaving else 0 end as money
      from subctl.invoices v
     cross join lateral (
       select (select coalesce(sum(k.paid - k.kept), 0) from subctl.kept k
                where k.customer_id = v.customer_id and k.invoice_id = v.id) as lost,
              (select coalesce(sum(r.amount), 0)
                 from subctl.payments p
                 join subctl.refunds r on r.customer_id = p.customer_id and r.payment_id = p.id and r.status in ('intended', 'pending')
                where p.customer_id = v.customer_id and p.invoice_id = v.id) as leaving) b
     where v.customer_id = $1 and v.subscription_id = $2
     order by v.issued_at, length(v.number), v.number
  loop
    invoice_id := i.id;
    select greatest(0, i.money) + coalesce(sum(-l.amount * case when c.value is null then 1 else
             (c.value->>'part')::numeric
               * least(1, (v_kept->>(c.value->>'invoice'))::numeric / (c.value->>'kept')::numeric) end), 0)
      into kept
      from subctl.invoice_lines l
      left join lateral jsonb_array_elements(l.details->'credits') c on true
     where l.customer_id = $1 and l.invoice_id = i.id and l.kind = 'unused' and l.amount < 0;
    v_kept := v_kept || jsonb_build_object(i.id, kept);
    return next;
  end loop;
end $$;
