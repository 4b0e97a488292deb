-- Returns the refusal of a use by the limit with the least room (R8, `verdict.breach`): the used, reserved and
-- requested amounts, and when it would fit (`resets_at`, limit_frees_at). A use larger than a whole limit fits in no
-- window of it, whichever limit is named: then there is no such instant and the message says why. Where a part of a
-- use may be taken, that is only a limit below the smallest part. A limit of 0 means that the plan does not include it
-- (R11).
create or replace function subctl_internal.refuse_limit(
  request subctl.usage_request, standing subctl.usage_standing, measure subctl.usage_measure, tally subctl.usage_tally,
  verdict subctl.usage_verdict) returns jsonb
language plpgsql stable set search_path = pg_catalog, subctl, pg_temp as $$
declare
  breach subctl.usage_count := tally.counts[verdict.breach];
  held numeric := coalesce(breach.held, 0);
  smallest_part numeric := case when measure.quantity = trunc(measure.quantity) then 1 else 0.000001 end;
  never_fits record;
  refusal jsonb;
begin
  select c.ordinality as place, c.meter, c.win, c.asked, c.limit_value into never_fits
    from unnest(tally.counts) with ordinality c
   where c.is_hard and c.asked > 0 and c.asked > c.limit_value
     and (verdict.fits is null or c.limit_value * measure.quantity < c.asked * smallest_part)
   order by c.ordinality <> verdict.breach, c.ordinality limit 1;
  refusal := subctl_internal.refuse_usage(request.customer, measure.kind, standing.at,
    case when breach.limit_value = 0 then 'disabled' else 'limit_reached' end,
    case when breach.limit_value = 0 then format('Plan %s does not include %s', standing.plan_id, breach.meter)
         else format('%s per %s: %s used of %s%s, %s asked%s', breach.meter, breach.win, trim_scale(breach.used),
           trim_scale(breach.limit_value), case when held > 0 then format(', %s held', trim_scale(held)) end,
           trim_scale(breach.asked),
           case
             when never_fits.place = verdict.breach then
               format(': a use of %s is larger than the whole limit', trim_scale(breach.asked))
             when never_fits.place is not null then
               format(', and %s %s per %s are more than the whole limit of %s', trim_scale(never_fits.asked),
                      never_fits.meter, never_fits.win, trim_scale(never_fits.limit_value)) end) end)
    || jsonb_build_object(
      'meter', breach.meter, 'window', breach.win, 'scope', breach.scope, 'used', trim_scale(breach.used)::text,
      'limit', trim_scale(breach.limit_value)::text, 'requested', trim_scale(breach.asked)::text,
      'resets_at', case when never_fits.place is null then
        subctl_internal.iso(subctl_internal.limit_frees_at(request, standing, breach)) end,
      'cost', trim_scale(measure.cost)::text);
  if held > 0 then refusal := refusal || jsonb_build_object('held', trim_scale(held)::text); end if;
  return refusal;
end $$;
