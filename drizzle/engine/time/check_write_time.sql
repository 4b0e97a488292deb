-- Refuses to write as of an instant before 1970 or more than `write_years_ahead` years (default 10) after the
-- machine's clock. A year with one digit too many would otherwise write periods without end (R9). Reads accept any
-- instant.
create or replace function subctl_internal.check_write_time(as_of timestamptz) returns void
language plpgsql stable set search_path = pg_catalog, subctl, pg_temp as $$
declare
  v_years int;
begin
  -- the common case reads no setting
  if $1 >= 'epoch' and $1 <= clock_timestamp() + interval '8760 hours' then return; end if;
  v_years := coalesce(subctl_internal.setting('write_years_ahead')::int, 10);
  if $1 < 'epoch' then
    raise exception 'Cannot write as of %: the year % is before 1970', subctl_internal.iso($1),
      extract(year from $1 at time zone 'UTC')
      using errcode = 'SB002', hint = 'Check the year; reads take any date';
  elsif $1 > clock_timestamp() + make_interval(hours => 8766 * v_years) then
    raise exception 'Cannot write as of %: the year % is more than % years after the clock, %', subctl_internal.iso($1),
      extract(year from $1 at time zone 'UTC'), v_years, subctl_internal.iso(date_trunc('second', clock_timestamp()))
      using errcode = 'SB002',
      hint = 'Check the year; reads take any date. For more: subctl config set write_years_ahead ' || 2 * v_years;
  end if;
end $$;
