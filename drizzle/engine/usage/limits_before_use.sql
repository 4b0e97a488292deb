-- Returns every limit in which a use was counted, before the use, with the requested amount, whether that exceeds it,
-- and other reservations: the limits of a refusal and of an explanation.
create or replace function subctl_internal.limits_before_use(counts subctl.usage_count[]) returns jsonb
language plpgsql stable set search_path = pg_catalog, subctl, pg_temp as $$
declare
  counted subctl.usage_count;
  limits jsonb := '[]';
begin
  foreach counted in array counts loop
    limits := limits || (subctl_internal.limit_json(counted.meter, counted.win, counted.scope, counted.used,
                                                    counted.limit_value, counted.starts, counted.ends)
      || jsonb_build_object(
        'requested', trim_scale(counted.asked)::text,
        'exceeded', counted.is_hard and subctl_internal.exceeds_limit(counted))
      || case when counted.held > 0 then jsonb_build_object('held', trim_scale(counted.held)::text) else '{}' end);
  end loop;
  return limits;
end $$;
