-- Returns what rules of a use with a provider, a model or tokens need in addition: the rates of its tokens
-- (token_rates), none where it is unpriced because it has no price (R26). `tier` stays null where rules cannot be
-- cached: for another price than by the token, or a cost that the rates do not give.
create or replace function subctl_internal.priced_rules(
  made subctl.customer_priced_rules, request subctl.usage_request, standing subctl.usage_standing,
  measure subctl.usage_measure, rules subctl.plan_rules) returns subctl.customer_priced_rules
language plpgsql stable set search_path = pg_catalog, subctl, pg_temp as $$
declare
  rates record;
begin
  made.has_tokens := num_nonnulls(request.input_tokens, request.output_tokens) > 0;
  made.used_provider := measure.provider;
  made.price_from := measure.price_from;
  made.price_provider := measure.price_provider;
  if num_nonnulls(measure.provider, request.model, request.input_tokens, request.output_tokens,
                  request.cached_tokens) = 0 then
    null;   -- it has no price, only a session or a latency
  elsif rules.cost_none then
    made.rates := array[0, 0, 0, measure.multiplier];
  elsif measure.is_unpriced and measure.provider is null and measure.multiplier = 1
    and not request.already_spent then   -- limits of cost do not refuse such a use
    made.rates := '{}';
  elsif made.has_tokens and measure.price_from is not null then
    select * into rates from subctl_internal.token_rates(measure.provider, request.model, standing.at);
    if (coalesce(request.input_tokens, 0) - coalesce(request.cached_tokens, 0)) * coalesce(rates.input_rate, 0)
         + coalesce(request.cached_tokens, 0) * coalesce(rates.cached_rate, 0)
         + coalesce(request.output_tokens, 0) * coalesce(rates.output_rate, 0) is distinct from measure.cost
       or num_nonnulls(rates.input_rate, rates.cached_rate, rates.output_rate) = 0 then
      return made;
    end if;
    made.rates := array[rates.input_rate, rates.cached_rate, rates.output_rate, measure.multiplier];
    made.live_from := greatest(made.live_from, rates.since);
    made.live_until := least(made.live_until, rates.until);
  else
    return made;
  end if;
  made.tier := measure.tier;
  return made;
end $$;
