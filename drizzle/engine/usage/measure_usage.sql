-- Measures a use: the provider of its model, the tier and multiplier of the model, its tokens (given, or estimated and
-- marked so, R18), and its cost at the prices of its own time (R25). An unknown cost is `is_unpriced`, never 0 (R26),
-- except by the setting unpriced_uses. `is_excluded`: the plan does not include the model. A failed call costs nothing
-- and is not estimated. The multiplier rounds tokens up once (R28).
create or replace function subctl_internal.measure_usage(
  request subctl.usage_request, standing subctl.usage_standing, rules subctl.plan_rules) returns subctl.usage_measure
language plpgsql stable set search_path = pg_catalog, subctl, pg_temp as $$
declare
  measure subctl.usage_measure := row(rules.canonical, request.quantity, request.provider, 'paid', 1, null, null,
    coalesce(request.metadata @> '{"estimated": true}', false), request.cost, null, null, null, false, false);
  model record;
  has_failed boolean;
begin
  if request.model is not null or measure.provider is not null then
    if measure.provider is null then measure.provider := subctl_internal.provider_of(request.model); end if;
    select m.free_tier, m.multiplier into model from subctl.models m
     where (measure.provider is null or m.provider = measure.provider)
       and (coalesce(request.model, '') ilike replace(replace(m.pattern, '_', E'\\_'), '*', '%')
            or lower(request.model) = any (lower(m.aliases::text)::text[]))
     order by length(m.pattern) desc, m.provider limit 1;
    if found then
      measure.multiplier := model.multiplier;
      if model.free_tier then measure.tier := 'free'; end if;
    end if;
    if rules.allowed_models is not null and measure.tier = 'paid' and request.model is not null and not exists (
        select 1 from unnest(rules.allowed_models) a(pattern)
         where request.model ilike replace(replace(a.pattern, '_', E'\\_'), '*', '%')
            or measure.provider || '/' || request.model ilike replace(replace(a.pattern, '_', E'\\_'), '*', '%')) then
      measure.is_excluded := true;
      return measure;
    end if;
  end if;

  has_failed := request.status is not null and subctl_internal.usage_failed(request.status);
  if request.input_tokens is not null or request.output_tokens is not null then
    measure.tokens := coalesce(request.input_tokens, 0) + coalesce(request.output_tokens, 0);
  elsif request.units is not null then
    measure.tokens := subctl_internal.tokens_of_units(measure.kind, request.units);
    if measure.tokens is not null then measure.is_estimated := true; end if;
  elsif not has_failed then   -- for each use of unknown size
    measure.tokens_each := case measure.tier when 'free' then rules.estimate_free else rules.estimate_paid end;
    if measure.tokens_each is not null then
      measure.tokens := measure.tokens_each * measure.quantity;
      measure.is_estimated := true;
    end if;
  end if;
  if measure.multiplier <> 1 then measure.tokens := ceil(measure.tokens * measure.multiplier); end if;

  -- a use with tokens, units or a model has a price, or a free kind, or is unpriced (R26)
  if measure.cost is null and not has_failed
     and (num_nonnulls(measure.provider, request.model, request.input_tokens, request.output_tokens,
                       request.cached_tokens) > 0 or request.units <> '{}') then
    if rules.cost_none then
      measure.cost := 0;
    else
      if measure.provider is not null then
        select p.cost, p.price_from, nullif(p.price_provider, measure.provider), p.missing
          into measure.cost, measure.price_from, measure.price_provider, measure.missing_price
          from subctl_internal.price_usage(measure.provider, request.model, standing.at, measure.quantity, measure.kind,
                 request.input_tokens, request.output_tokens, request.cached_tokens, request.units) p;
      end if;
      if measure.cost is null and subctl_internal.setting('unpriced_uses') = 'free' then
        measure.cost := 0;
        measure.price_from := null;
        measure.price_provider := null;
      elsif measure.cost is null then
        measure.is_unpriced := true;
      end if;
    end if;
  end if;
  return measure;
end $$;
