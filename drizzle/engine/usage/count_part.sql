-- Counts the part of a use that fits (measure_part) in the limits that were counted for the whole.
create or replace function subctl_internal.count_part(
  request subctl.usage_request, measure subctl.usage_measure, tally subctl.usage_tally) returns subctl.usage_tally
language plpgsql stable set search_path = pg_catalog, subctl, pg_temp as $$
declare
  counts subctl.usage_count[] := '{}';
  counted subctl.usage_count;
  amounts subctl.usage_amounts := row(measure.quantity, measure.tokens, measure.cost, request.input_tokens,
    request.output_tokens, request.units);
begin
  tally.is_exceeded := false;
  foreach counted in array tally.counts loop
    counted.asked := subctl_internal.metered_amount(counted.field, amounts);
    if subctl_internal.exceeds_limit(counted) then tally.is_exceeded := true; end if;
    counts := counts || counted;
  end loop;
  tally.counts := counts;
  return tally;
end $$;
