-- Returns the prices of a model in force at p_at. The provider's own card comes first: by name in any case, then by
-- the longest matching pattern (`*` matches anything), then the provider's `default`. Otherwise it is the card of the
-- first fallback provider that has one.
create or replace function subctl_internal.price_card(
  p_provider text, p_model text, p_at timestamptz) returns subctl.price_cards
language sql stable as $$
  select c
    from (select p_provider as provider, 0 as position
          union all
          select f.fallback, f.position from subctl.price_fallbacks f where f.provider = p_provider) p
   cross join lateral (
     select c from subctl.price_cards c
      where c.provider = p.provider and c.effective_from <= p_at
        and (lower(c.model) = lower(p_model) or (c.model = 'default' and p.position = 0)
             or (position('*' in c.model) > 0
                 and p_model ilike replace(
                   replace(replace(replace(c.model, E'\\', E'\\\\'), '_', E'\\_'), '%', E'\\%'), '*', '%')))
      order by coalesce(lower(c.model) = lower(p_model), false) desc, c.model = p_model desc, c.model = 'default',
               length(c.model) desc, c.model collate "C", c.effective_from desc
      limit 1) c
   order by p.position limit 1
$$;
