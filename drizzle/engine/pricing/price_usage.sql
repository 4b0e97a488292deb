-- Returns the exact, unrounded cost of a use at the prices in force at `p_at` (R25). A used part without a price on
-- the card makes the whole use unpriced (R26); a unit that is not given was not used. `cost` is null when it is
-- unpriced, and `missing` names what has no price: the model, or a part of the use. Input tokens include cached ones;
-- tokens written to a cache are separate; the size for tiers is both. Units name other tokens and amounts:
-- `audio_input_tokens` are a part of the input, and so on. Audio tokens, and generated images and videos, need their
-- own price; input images and videos, reasoning and citations use the general price where they have none. The quantity
-- counts requests, and the unit named by the kind. `price_provider`, `price_model` and `price_from` name the card;
-- `lines` are its parts, with p_detail.
create or replace function subctl_internal.price_usage(
  p_provider text, p_model text, p_at timestamptz, p_quantity numeric, p_kind text, p_input numeric, p_output numeric,
  p_cached numeric, p_units jsonb, p_detail boolean default false,
  out cost numeric, out price_from timestamptz, out price_provider text, out price_model text, out missing text,
  out lines jsonb)
language plpgsql stable set search_path = pg_catalog, subctl, pg_temp as $$
declare
  v_comps text[];
  v_amounts numeric[];
  v_pers numeric[];
  v_tiers jsonb;
  v_card subctl.price_cards;
  v_component text;
  v_units numeric;
  v_amount numeric;
  v_per numeric;
  v_line numeric;
  v_above numeric;
  v_cost numeric := 0;
  v_fresh numeric := p_input;
  v_cached numeric := p_cached;
  v_output numeric := p_output;
  v_written numeric := 0;
  v_written_1h numeric := 0;
  v_parts jsonb := '{}';
  v_counted text := case p_kind when 'image_edit' then 'edit' else p_kind end;
  v_known boolean;
begin
  select c.provider, c.model, c.effective_from, c.comps, c.amounts, c.pers, c.tiers
    into price_provider, price_model, price_from, v_comps, v_amounts, v_pers, v_tiers
    from subctl.price_cards c
   where c.provider = p_provider and c.model = p_model and c.effective_from <= p_at
   order by c.effective_from desc limit 1;
  if not found then
    v_card := subctl_internal.price_card(p_provider, p_model, p_at);
    if v_card.provider is null then
      missing := case when p_provider is null then 'provider' else 'model' end;
      return;
    end if;
    price_provider := v_card.provider; price_model := v_card.model; price_from := v_card.effective_from;
    v_comps := v_card.comps; v_amounts := v_card.amounts; v_pers := v_card.pers; v_tiers := v_card.tiers;
  end if;
  v_known := p_input is not null or p_output is not null;
  if not v_known and v_comps && '{input_tokens,output_tokens}' then missing := 'tokens'; return; end if;

  if p_units is not null then
    select u.parts, u.missing, coalesce(v_fresh, 0) - u.input, coalesce(v_cached, 0) - u.cached,
           coalesce(v_output, 0) - u.output
      into v_parts, missing, v_fresh, v_cached, v_output
      from subctl_internal.price_parts(v_comps, p_units) u;
    if missing is not null then return; end if;
    v_written := coalesce((p_units->>'cache_write_tokens')::numeric, 0);
    v_written_1h := coalesce((p_units->>'cache_write_1h_tokens')::numeric, 0);
    if least(v_fresh, v_cached, v_output) < 0 then
      raise exception
        'The tokens of its parts in % are more than the % input, % cached and % output tokens that include them',
        p_units, trim_scale(coalesce(p_input, 0)), trim_scale(coalesce(p_cached, 0)),
        trim_scale(coalesce(p_output, 0)) using errcode = 'SB002';
    end if;
  end if;
  if v_cached > 0 then
    if v_cached > coalesce(v_fresh, 0) then
      raise exception '% cached tokens are more than the % input tokens that include them', trim_scale(p_cached),
        trim_scale(coalesce(p_input, 0))
        using errcode = 'SB002', hint = 'Input tokens include cached tokens.';
    end if;
    if 'cached_input_tokens' = any (v_comps) then v_fresh := v_fresh - v_cached; end if;
  end if;
  missing := case when v_fresh > 0 and not 'input_tokens' = any (v_comps) then 'input_tokens'
                  when v_output > 0 and not 'output_tokens' = any (v_comps) then 'output_tokens'
                  when v_written > 0 and not 'cache_write_tokens' = any (v_comps) then 'cache_write_tokens'
                  when v_written_1h > 0 and not 'cache_write_1h_tokens' = any (v_comps)
                    then 'cache_write_1h_tokens' end;
  if missing is not null then return; end if;
  -- where one component alone is charged, the quantity counts it; but not characters, pages and seconds
  if cardinality(v_comps) = 1 and v_comps[1] in ('search', 'image', 'edit', 'video') then
    v_counted := v_comps[1];
  end if;
  v_known := v_known and array_to_string(v_comps, ' ') like '%_tokens%';
  if p_detail then lines := '[]'; end if;

  for i in 1 .. cardinality(v_comps) loop
    v_component := v_comps[i];
    v_units := case v_component
      when 'input_tokens' then v_fresh
      when 'output_tokens' then v_output
      when 'cached_input_tokens' then v_cached
      when 'cache_write_tokens' then v_written
      when 'cache_write_1h_tokens' then v_written_1h
      else coalesce((v_parts->>v_component)::numeric,
                    case when v_component in ('request', v_counted) then p_quantity end) end;
    if v_units is null then continue; end if;
    v_known := v_known or not v_component like '%tokens';
    v_amount := v_amounts[i];
    v_per := v_pers[i];
    v_above := null;
    if v_tiers ? v_component then
      select (t->>'amount')::numeric, (t->>'per')::numeric, (t->>'above')::numeric into v_amount, v_per, v_above
        from jsonb_array_elements(v_tiers->v_component) t
       where coalesce(p_input, 0) + v_written + v_written_1h > (t->>'above')::numeric
       order by (t->>'above')::numeric desc limit 1;
      if not found then v_amount := v_amounts[i]; v_per := v_pers[i]; end if;
    end if;
    v_line := v_units * v_amount;
    -- a quotient keeps as many decimals as its dividend shows: 20 more than it has make powers of ten exact
    if v_per <> 1 then v_line := round(v_line, scale(v_line) + 20) / v_per; end if;
    v_cost := v_cost + v_line;
    if p_detail and v_units > 0 then
      lines := lines || jsonb_build_object(
        'component', v_component, 'quantity', trim_scale(v_units)::text, 'amount', trim_scale(v_amount)::text,
        'per', trim_scale(v_per)::text, 'above', trim_scale(v_above)::text, 'cost', trim_scale(v_line)::text);
    end if;
  end loop;
  if not v_known then   -- none of its components was given
    missing := v_comps[1]; lines := null;
  else
    cost := trim_scale(v_cost);
  end if;
end $$;
