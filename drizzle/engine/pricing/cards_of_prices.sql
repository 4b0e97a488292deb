-- Computes price_cards: for each model and each instant at which one of its prices changes, all components in force
-- from then on, with the newest revision of each. Rows of `*` are estimates for unknown models and make no card (R26).
-- compile_prices stores the result; doctor compares it. With p_change only the models whose prices that change added.
create or replace function subctl_internal.cards_of_prices(p_change text default null)
returns table (provider text, model text, effective_from timestamptz, comps text[], amounts numeric[], pers numeric[],
               tiers jsonb)
language sql stable as $$
  select s.provider, s.model, s.effective_from, array_agg(p.component order by p.component collate "C"),
         array_agg(p.amount order by p.component collate "C"), array_agg(p.per order by p.component collate "C"),
         coalesce(jsonb_object_agg(p.component, p.tiers) filter (where p.tiers <> '[]'), '{}')
    from (select distinct o.provider, o.model, o.effective_from
            from subctl.prices o
           where o.provider <> '*' and o.model <> '*'
             and (p_change is null or (o.provider, o.model) in (
                   select n.provider, n.model from subctl.prices n where n.change_id = p_change))) s
   cross join lateral (
     select distinct on (component) component, amount, per, tiers
       from subctl.prices p
      where p.provider = s.provider and p.model = s.model and p.effective_from <= s.effective_from
      order by component, p.effective_from desc, revision desc) p
   group by s.provider, s.model, s.effective_from
$$;
