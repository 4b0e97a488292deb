-- What was used of a meter in (at - span, at], and since `since` when that is later: the difference of two running totals (R7). A meter
-- that has no totals yet is counted from the events.
create or replace function subctl.rolling_used(
  customer text, meter text, subject text, at timestamptz, span interval, since timestamptz) returns numeric
language plpgsql stable set search_path = pg_catalog, subctl, pg_temp as $$
declare
  v_from timestamptz := $4 - $5;
  v_last timestamptz;
  v_cum numeric;
begin
  select m.at, m.cum into v_last, v_cum
    from subctl.usage_marks m where m.customer_id = $1 and m.meter_id = $2 and m.subject = $3 and m.at <= $4 order by m.at desc limit 1;
  if v_last is null then
    if exists (select 1 from subctl.usage_marks m where m.customer_id = $1 and m.meter_id = $2 and m.subject = $3) then return 0; end if;
    return subctl.recount_usage($1, $2, nullif($3, ''), null, greatest(v_from + interval '1 microsecond', $6), $4 + interval '1 microsecond');
  elsif $6 > v_from then
    if v_last < $6 then return 0; end if;
    return v_cum - coalesce((select m.cum from subctl.usage_marks m where m.customer_id = $1 and m.meter_id = $2 and m.subject = $3 and m.at < $6
                              order by m.at desc limit 1), 0);
  elsif v_last <= v_from then
    return 0;
  end if;
  return v_cum - coalesce((select m.cum from subctl.usage_marks m where m.customer_id = $1 and m.meter_id = $2 and m.subject = $3 and m.at <= v_from
                            order by m.at desc limit 1), 0);
end $$;
