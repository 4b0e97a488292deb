-- The uses in [from_at, to_at) that the prices of today's books would cost otherwise than they were recorded with (K8): those that were not
-- priced (by the provider of their model where they name none, R26), and with `priced` also those that were priced from the price list. A cost that came with the use stays, and so does one that was taken
-- back. pricing rerate shows it and rerate_usage applies it.
create or replace function subctl.rerating(customer text, from_at timestamptz, to_at timestamptz, of_provider text, of_model text, priced boolean)
returns table (customer_id text, id uuid, at timestamptz, kind text, provider text, model text, cost_before numeric, cost_after numeric, price_from timestamptz,
               price_provider text)
language sql stable as $$
  select e.customer_id, e.id, e.at, e.kind, p.provider, e.model, e.cost, c.cost,
         case when x.cost is not null then x.price_from end, case when x.cost is not null then nullif(x.price_provider, e.provider) end
    from subctl.usage_events e
   cross join lateral (select coalesce(e.provider, subctl.provider_of(e.model)) as provider) p
   cross join lateral subctl.price_usage(p.provider, e.model, e.at, e.quantity, e.kind, e.input_tokens, e.output_tokens, e.cached_tokens, e.units) x
   cross join lateral (
     select case when x.cost is not null then x.cost
                 when e.unpriced and (subctl.setting('unpriced_uses') = 'free' or exists (
                   select from subctl.kinds k where k.id = e.kind and k.cost = 'none')) then 0 end as cost) c
   where ($1 is null or e.customer_id = $1) and e.at >= $2 and e.at < $3
     and ($4 is null or p.provider = $4) and ($5 is null or lower(e.model) = lower($5))
     and e.reverses is null and (e.unpriced or ($6 and e.price_from is not null))
     and c.cost is not null and (e.unpriced or c.cost <> e.cost)
     and not exists (select from subctl.usage_events r where r.customer_id = e.customer_id and r.at = e.at and r.reverses = e.id)
$$;
