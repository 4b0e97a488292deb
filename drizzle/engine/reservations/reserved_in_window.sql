-- Returns how much other reservations hold of a limit in the window of a use; it is not available to this use.
create or replace function subctl_internal.reserved_in_window(
  request subctl.usage_request, standing subctl.usage_standing, counted subctl.usage_count) returns numeric
language plpgsql stable set search_path = pg_catalog, subctl, pg_temp as $$
declare
  from_at timestamptz := counted.starts;
  to_at timestamptz := counted.ends;
begin
  if counted.win_kind = 'each' then return 0; end if;
  if counted.kept = 'rolling' then
    from_at := greatest(counted.starts + interval '1 microsecond',
                        case when counted.restarts then standing.usage_from end);
    to_at := counted.starts + make_interval(hours => counted.hours) + interval '1 microsecond';
  end if;
  return subctl_internal.reserved_usage(request.customer, counted.meter, case
    when counted.scope = 'member' then request.member end,
    case when counted.win_kind = 'session' then request.session end, from_at, to_at, standing.now);
end $$;
