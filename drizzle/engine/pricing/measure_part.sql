-- Measures the part of a use that fits (R12): its tokens and, where it came from the price list, its cost.
create or replace function subctl_internal.measure_part(
  request subctl.usage_request, standing subctl.usage_standing, measure subctl.usage_measure, quantity numeric)
returns subctl.usage_measure
language plpgsql stable set search_path = pg_catalog, subctl, pg_temp as $$
begin
  measure.quantity := quantity;
  measure.tokens := measure.tokens_each * quantity;
  if measure.multiplier <> 1 then measure.tokens := ceil(measure.tokens * measure.multiplier); end if;
  if measure.cost is not null and measure.price_from is not null then
    select p.cost into measure.cost
      from subctl_internal.price_usage(measure.provider, request.model, standing.at, quantity, measure.kind,
             request.input_tokens, request.output_tokens, request.cached_tokens, request.units) p;
  end if;
  return measure;
end $$;
