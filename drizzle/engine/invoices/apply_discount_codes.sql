-- Applies discount codes to invoices of periods, for subscriptions that have discounted periods left; each code loses
-- one period. A code for other plans, or an amount in another currency, is skipped and keeps its periods. The caller
-- has locked the customers.
create or replace function subctl_internal.apply_discount_codes(
  p_customers text[], p_subscriptions uuid[], p_ids uuid[], p_as_of timestamptz) returns void
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp as $$
declare
  v_customers text[]; v_invoices uuid[]; v_codes text[];
begin
  with lowered as (
    update subctl.discount_redemptions r set periods_left = r.periods_left - 1
      from unnest(p_customers, p_subscriptions, p_ids) t(customer_id, subscription_id, id), subctl.subscriptions s,
        subctl.discounts d
     where r.customer_id = any (p_customers) and r.customer_id = t.customer_id
       and r.subscription_id = t.subscription_id and (r.periods_left is null or r.periods_left > 0)
       and s.customer_id = t.customer_id and s.id = t.subscription_id and d.code = r.code
       and (d.plans is null or s.plan_id = any (d.plans))
       and (d.currency is null or d.currency = s.currency)
       and exists (select 1 from subctl.invoices i where i.customer_id = t.customer_id and i.id = t.id)
    returning r.customer_id, t.id, r.code
  )
  select array_agg(l.customer_id order by l.code), array_agg(l.id order by l.code), array_agg(l.code order by l.code)
    into v_customers, v_invoices, v_codes from lowered l;
  perform subctl_internal.discount_invoice(t.customer_id, t.id, t.code, p_as_of)
    from unnest(v_customers, v_invoices, v_codes) t(customer_id, id, code);
end $$;
