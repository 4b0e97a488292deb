-- What a use costs at the prices in force at `p_at` (R25), exactly and unrounded (K3). `cost` is null when it is unpriced: no card
-- for the model, nor for a pattern that it fits (`*` stands for anything; the longest wins, in any case of letters), nor for the provider's
-- `default`, tokens without a token price, or a unit that is charged and was not given (K9).
-- Input tokens include the cached ones. `price_model` and `price_from` name the card; `lines` are its parts, when p_detail asks.
create or replace function subctl.price_usage(p_provider text, p_model text, p_at timestamptz, p_quantity numeric, p_kind text,
  p_input numeric, p_output numeric, p_cached numeric, p_units jsonb, p_detail boolean default false,
  out cost numeric, out price_from timestamptz, out price_model text, out lines jsonb)
language plpgsql stable set search_path = pg_catalog, subctl, pg_temp as $$
declare
  v_comps text[];
  v_amounts numeric[];
  v_pers numeric[];
  v_tiers jsonb;
  v_component text;
  v_units numeric;
  v_amount numeric;
  v_per numeric;
  v_line numeric;
  v_above numeric;
  v_cost numeric := 0;
  v_cache_write numeric := (p_units->>'cache_write_tokens')::numeric;
  v_fresh numeric := p_input;
begin
  select c.model, c.effective_from, c.comps, c.amounts, c.pers, c.tiers
    into price_model, price_from, v_comps, v_amounts, v_pers, v_tiers
    from subctl.price_cards c
   where c.provider = p_provider and c.model = p_model and c.effective_from <= p_at
   order by c.effective_from desc limit 1;
  if not found and p_model is not null then
    select c.model, c.effective_from, c.comps, c.amounts, c.pers, c.tiers
      into price_model, price_from, v_comps, v_amounts, v_pers, v_tiers
      from subctl.price_cards c
     where c.provider = p_provider and position('*' in c.model) > 0 and c.effective_from <= p_at
       and p_model ilike replace(replace(replace(replace(c.model, E'\\', E'\\\\'), '_', E'\\_'), '%', E'\\%'), '*', '%')
     order by length(c.model) desc, c.model collate "C", c.effective_from desc limit 1;
  end if;
  if not found then
    select c.model, c.effective_from, c.comps, c.amounts, c.pers, c.tiers
      into price_model, price_from, v_comps, v_amounts, v_pers, v_tiers
      from subctl.price_cards c
     where c.provider = p_provider and c.model = 'default' and c.effective_from <= p_at
     order by c.effective_from desc limit 1;
  end if;
  if not found then return; end if;

  if p_cached > 0 then
    if p_cached > coalesce(p_input, 0) then
      raise exception '% cached tokens are more than the % input tokens that include them', trim_scale(p_cached), trim_scale(coalesce(p_input, 0))
        using errcode = 'SB002', hint = 'Input tokens include cached tokens.';
    end if;
    if 'cached_input_tokens' = any (v_comps) then v_fresh := p_input - p_cached; end if;
  end if;
  if (v_fresh > 0 and not 'input_tokens' = any (v_comps)) or (p_output > 0 and not 'output_tokens' = any (v_comps))
     or (v_cache_write > 0 and not 'cache_write_tokens' = any (v_comps)) then
    return;
  end if;
  if p_detail then lines := '[]'; end if;

  for i in 1 .. cardinality(v_comps) loop
    v_component := v_comps[i];
    v_units := case v_component
      when 'input_tokens' then coalesce(v_fresh, case when p_output is not null then 0 end)
      when 'output_tokens' then coalesce(p_output, case when p_input is not null then 0 end)
      when 'cached_input_tokens' then coalesce(p_cached, 0)
      when 'cache_write_tokens' then coalesce(v_cache_write, 0)
      when 'search' then coalesce((p_units->>'searches')::numeric, p_quantity)
      when 'page' then coalesce((p_units->>'pages')::numeric, case when p_kind = 'page' then p_quantity end)
      when 'character' then coalesce((p_units->>'characters')::numeric, case when p_kind = 'character' then p_quantity end)
      when 'second' then coalesce((p_units->>'seconds')::numeric, case when p_kind = 'second' then p_quantity end)
      else coalesce((p_units->>(v_component || 's'))::numeric, p_quantity) end;
    if v_units is null then
      lines := null;
      return;
    end if;
    v_amount := v_amounts[i];
    v_per := v_pers[i];
    v_above := null;
    if v_tiers ? v_component then
      select (t->>'amount')::numeric, (t->>'per')::numeric, (t->>'above')::numeric into v_amount, v_per, v_above
        from jsonb_array_elements(v_tiers->v_component) t
       where coalesce(p_input, 0) > (t->>'above')::numeric
       order by (t->>'above')::numeric desc limit 1;
      if not found then v_amount := v_amounts[i]; v_per := v_pers[i]; end if;
    end if;
    v_line := v_units * v_amount;
    -- a quotient keeps as many decimals as its dividend shows: 20 more than it has make powers of ten exact
    if v_per <> 1 then v_line := round(v_line, scale(v_line) + 20) / v_per; end if;
    v_cost := v_cost + v_line;
    if p_detail and v_units > 0 then
      lines := lines || jsonb_build_object('component', v_component, 'quantity', trim_scale(v_units)::text, 'amount', trim_scale(v_amount)::text,
        'per', trim_scale(v_per)::text, 'above', trim_scale(v_above)::text, 'cost', trim_scale(v_line)::text);
    end if;
  end loop;
  cost := trim_scale(v_cost);
end $$;
