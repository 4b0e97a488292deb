-- Finds the window of one limit that contains the instant of a use, and its usage, where it is not the open one in the
-- customer's row. `counted` has the limit and, in `slot`, the place of the open one if there is any. `kept` says where
-- the count is stored: in the place of the row (`slot`), a row of its own in usage_counters (`row`, existing or not),
-- in rolling totals (`rolling`), nowhere (`none`: each use alone). A window without a count is counted from the
-- events. A closed one counts with its adjustments (R13). `known` are the bounds, where another limit of the same kind
-- has found them.
create or replace function subctl_internal.find_usage_window(
  request subctl.usage_request, standing subctl.usage_standing, tally subctl.usage_tally, counted subctl.usage_count,
  known tstzrange default null)
returns subctl.usage_count
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp as $$
declare
  place int := counted.slot;
  bounds tstzrange;
  written record;
begin
  counted.subject := case when counted.win_kind = 'session' then request.session
                          when counted.scope = 'member' then request.member else '' end;
  counted.slot := null;
  if counted.win_kind = 'each' then
    counted.kept := 'none';
    counted.used := 0;
    counted.starts := null;
    counted.ends := null;
    return counted;
  elsif counted.win_kind = 'rolling_hour' then
    return subctl_internal.find_rolling_window(request.customer, standing, tally, counted);
  end if;

  bounds := coalesce(known, subctl_internal.usage_window_bounds(request.customer, standing, counted));
  counted.starts := lower(bounds);
  counted.ends := upper(bounds);
  if tally.starts[place] = counted.starts then
    counted.kept := 'slot';
    counted.slot := place;
    return counted;
  end if;
  counted.kept := 'row';
  if tally.generation = 0 and not tally.has_history then   -- the very first use
    counted.used := 0;
    return counted;
  end if;
  select u.used, u.refused, u.closed_at, u.window_end into written from subctl.usage_counters u
   where u.customer_id = request.customer and u.meter_id = counted.meter and u."window" = counted.win
     and u.scope = counted.scope and u.subject = counted.subject and u.window_start = counted.starts;
  if found then
    counted.refused := written.refused;
    if standing.continues_since is not null and written.window_end < counted.ends then
      -- it ended with the previous run; usage since then is counted in it too
      counted.used := case
        when request.mode in ('check', 'check_all') then subctl_internal.recount_usage(
          request.customer, counted.meter, nullif(counted.subject, ''), null, counted.starts, counted.ends)
        else subctl_internal.reopen_window(request.customer, counted.meter, counted.win, counted.scope, counted.subject,
                                           counted.starts, counted.ends) end;
      return counted;
    end if;
    counted.used := written.used;
    if written.closed_at is not null then
      counted.is_closed := true;
      counted.used := counted.used + coalesce((
        select sum(a.amount) from subctl.usage_adjustments a
         where a.customer_id = request.customer and a.meter_id = counted.meter and a."window" = counted.win
           and a.scope = counted.scope and a.subject = counted.subject and a.window_start = counted.starts), 0);
    end if;
  elsif not tally.has_history
    or counted.starts > tally.starts[place] and not (standing.has_overrides and exists (
      select 1 from subctl.limit_overrides o
       where o.customer_id = request.customer and o.meter_id = counted.meter and o."window" = counted.win
         and o.scope = counted.scope and o.starts_at <= standing.at
         and (o.ends_at is null or o.ends_at > standing.at))) then
    counted.used := 0;   -- it follows a counted window, so it has no usage
  else
    counted.used := subctl_internal.recount_usage(
      request.customer, counted.meter, case when counted.scope = 'member' then request.member end,
      case when counted.win_kind = 'session' then request.session end, counted.starts, counted.ends);
  end if;
  return counted;
end $$;
