-- Returns the refusal of a use with unknown cost where a hard limit counts cost (R26); null where none does.
create or replace function subctl_internal.refuse_unpriced(
  request subctl.usage_request, standing subctl.usage_standing, measure subctl.usage_measure, tally subctl.usage_tally)
returns jsonb
language plpgsql stable set search_path = pg_catalog, subctl, pg_temp as $$
declare
  counted subctl.usage_count;
  refusal jsonb;
begin
  foreach counted in array tally.counts loop
    if counted.field = 'cost' and counted.limit_value is not null and counted.is_hard then
      refusal := subctl_internal.refuse_usage(request.customer, measure.kind, standing.at, 'unpriced', format(
        'The cost of %s is not known%s and plan %s limits %s',
        coalesce(measure.provider || ' ' || request.model, measure.provider, request.model, 'a use without a provider'),
        case when measure.missing_price not in ('provider', 'model') then
          format(' (no price for %s)', measure.missing_price) end,
        standing.plan_id, counted.meter));
    end if;
  end loop;
  return refusal;
end $$;
