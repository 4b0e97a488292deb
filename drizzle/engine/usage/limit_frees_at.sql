-- Returns when an exceeded limit has room for a use: at the end of its window; for a rolling one when enough usage has
-- left it (R7), at the latest when the meter restarts. Where reservations hold the missing amount, also when they
-- expire. Null: never.
create or replace function subctl_internal.limit_frees_at(
  request subctl.usage_request, standing subctl.usage_standing, counted subctl.usage_count) returns timestamptz
language plpgsql stable set search_path = pg_catalog, subctl, pg_temp as $$
declare
  held numeric := coalesce(counted.held, 0);
  excess numeric := counted.used + counted.asked - counted.limit_value;
  is_rolling boolean := counted.kept = 'rolling';
  span interval;
  since timestamptz;
  released_at timestamptz;
  frees_at timestamptz := counted.ends;
begin
  if is_rolling and (excess > 0 or held = 0) then
    span := make_interval(hours => counted.hours);
    since := case when counted.restarts then standing.usage_from else '-infinity' end;
    frees_at := case
      when counted.has_later then subctl_internal.rolling_room_at(
        request.customer, counted.meter, counted.subject, standing.at, span, since, counted.limit_value - counted.asked)
      else subctl_internal.rolling_frees(request.customer, counted.meter, counted.subject, standing.at, span, since,
                                         excess) end;
    if counted.restarts and frees_at > standing.period_end then frees_at := standing.period_end; end if;
  end if;
  if held > 0 and (excess <= 0 or is_rolling) then
    released_at := subctl_internal.reservations_free_at(request.customer, counted.meter,
      case when counted.scope = 'member' then request.member end,
      case when counted.win_kind = 'session' then request.session end,
      case when is_rolling then greatest(counted.starts + interval '1 microsecond',
                                         case when counted.restarts then standing.usage_from end)
           else counted.starts end,
      case when is_rolling then 'infinity' else counted.ends end, standing.now, least(excess + held, held));
    frees_at := case when excess > 0 then greatest(frees_at, released_at) else least(frees_at, released_at) end;
  end if;
  return frees_at;
end $$;
