-- Returns every limit in which an allowed use was counted, after the use, as the text of a json in the form of
-- limit_json. A reservation (`reserves`) uses nothing and holds the requested amount. Reserved amounts are included
-- where there are any.
create or replace function subctl_internal.limits_after_use(counts subctl.usage_count[], reserves boolean) returns text
language plpgsql stable set search_path = pg_catalog, subctl, pg_temp as $$
declare
  counted subctl.usage_count;
  total numeric;
  held numeric;
  shown text;
begin
  foreach counted in array counts loop
    total := counted.used + counted.asked;
    if reserves then
      total := counted.used;
      held := coalesce(counted.held, 0) + counted.asked;
    else
      held := counted.held;
    end if;
    shown := concat(shown, case when shown is not null then ', ' end);
    if held > 0 then
      shown := shown || (subctl_internal.limit_json(counted.meter, counted.win, counted.scope, total,
                                                    counted.limit_value, counted.starts, counted.ends)
        || subctl_internal.reserved_json(held, counted.limit_value - total))::text;
    else
      shown := concat(shown, '{"used": "', trim_scale(total), '", "limit": ',
        coalesce('"' || trim_scale(counted.limit_value) || '"', 'null'), ', "meter": ', to_json(counted.meter),
        ', "scope": "', counted.scope, '", "window": "', counted.win, '", "percent": ',
        coalesce('"' || case when counted.limit_value > 0 then
          trim_scale(round(total * 100 / counted.limit_value, 2)) end || '"', 'null'),
        ', "remaining": ', coalesce('"' || case when counted.limit_value is not null then
          trim_scale(greatest(counted.limit_value - total, 0)) end || '"', 'null'),
        ', "resets_at": ', coalesce('"' || subctl_internal.iso(counted.ends) || '"', 'null'),
        ', "window_start": ', coalesce('"' || subctl_internal.iso(counted.starts) || '"', 'null'), '}');
    end if;
  end loop;
  return concat('[', shown, ']');
end $$;
