-- Lists the uses in [p_from_at, p_to_at) that would cost something else at today's price list: uses without a
-- price and, with p_priced, uses priced from the list. If a use has no provider, its model's provider applies (R26). A
-- cost that was given with the use stays, and so does a reversed use. pricing rerate shows the list; rerate_usage
-- applies it.
create or replace function subctl_internal.rerating(
  p_customer text, p_from_at timestamptz, p_to_at timestamptz, p_of_provider text, p_of_model text, p_priced boolean)
returns table (customer_id text, id uuid, at timestamptz, kind text, provider text, model text, cost_before numeric,
               cost_after numeric, price_from timestamptz, price_provider text)
language sql stable as $$
  select e.customer_id, e.id, e.at, e.kind, p.provider, e.model, e.cost, c.cost,
         case when x.cost is not null then x.price_from end,
         case when x.cost is not null then nullif(x.price_provider, e.provider) end
    from subctl.usage_events e
   cross join lateral (select coalesce(e.provider, subctl_internal.provider_of(e.model)) as provider) p
   cross join lateral subctl_internal.price_usage(p.provider, e.model, e.at, e.quantity, e.kind, e.input_tokens,
                                                  e.output_tokens, e.cached_tokens, e.units) x
   cross join lateral (
     select case when x.cost is not null then x.cost
                 when e.unpriced and (subctl_internal.setting('unpriced_uses') = 'free' or exists (
                   select 1 from subctl.kinds k where k.id = e.kind and k.cost = 'none')) then 0 end as cost) c
   where (p_customer is null or e.customer_id = p_customer) and e.at >= p_from_at and e.at < p_to_at
     and (p_of_provider is null or p.provider = p_of_provider)
     and (p_of_model is null or lower(e.model) = lower(p_of_model))
     and e.reverses is null and (e.unpriced or (p_priced and e.price_from is not null))
     and c.cost is not null and (e.unpriced or c.cost <> e.cost)
     and not exists (select 1 from subctl.usage_events r
                      where r.customer_id = e.customer_id and r.at = e.at and r.reverses = e.id)
$$;
